package io.millrace.cli.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The terminal of standard output, on which the same lines are drawn again and again, in place. What was drawn last stays when it is closed. */
public final class Screen implements AutoCloseable {
    private static final Size UNKNOWN = new Size(80, 24);

    private final Terminal terminal;
    private final boolean colours;
    private Display display; // null before the first page
    private Size size;

    private Screen(Terminal terminal) {
        this.terminal = terminal;
        String none = System.getenv("NO_COLOR"); // https://no-color.org
        colours = none == null || none.isEmpty();
    }

    /** Opens the terminal; null if standard output is none, or one that cannot move its cursor. */
    public static Screen open() {
        // set by bin/millrace, which can ask the shell; System.console() differs between Java versions
        if (!Boolean.getBoolean("millrace.screen")) {
            return null;
        }
        try {
            // signals stay those of the JVM
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .dumb(true)
                    .nativeSignals(false)
                    .build();
            if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
                terminal.close();
                return null;
            }
            return new Screen(terminal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the lines of a page that fits a size, in characters. */
    public interface Page {
        List<AttributedString> lines(int columns, int rows);
    }

    /** Draws a page in the place of the former one. */
    public void draw(Page page) {
        Size told = terminal.getSize();
        Size now = told.getColumns() > 0 && told.getRows() > 0 ? told : UNKNOWN;
        if (!now.equals(size)) {
            begin(now);
        }
        // some terminals scroll when their last column or their last line is full
        List<AttributedString> lines = page.lines(size.getColumns() - 1, size.getRows() - 1);
        display.update(
                colours
                        ? lines
                        : lines.stream()
                                .map(line -> new AttributedString(line.toString()))
                                .toList(),
                -1);
    }

    private void begin(Size now) {
        if (size != null) { // terminals break lines anew in ways of their own
            terminal.puts(Capability.clear_screen);
        }
        size = now;
        display = new Display(terminal, false);
        display.resize(size.getRows(), size.getColumns());
    }

    @Override
    public void close() {
        terminal.writer().println();
        terminal.flush();
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
