package io.millrace.cli.console;

import java.util.function.Consumer;
import java.util.regex.Pattern;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar with a short status: a line that is updated on a terminal, and occasional lines elsewhere. */
public final class Progress implements AutoCloseable {
    private static final int TERMINAL_UPDATE_MS = 200;
    private static final int LOG_UPDATE_MS = 2000;
    private static final int LOG_WIDTH = 120;

    /** What a line says of time and speed, such as {@code (0:00:02 / 0:00:01) 1234.5/s}. */
    private static final Pattern TIMES = Pattern.compile("\\(\\d+:.*?/s");

    private final ProgressBar bar;
    private String printed; // of the last line, what does not depend on the clock; guarded by this

    /** @param total amount of work; -1 if unknown */
    public Progress(String task, long total) {
        // set by bin/millrace, which can ask the shell; System.console() differs between Java versions
        this(task, total, Boolean.getBoolean("millrace.terminal"), System.err::println);
    }

    /** @param lines prints a line where there is no terminal */
    Progress(String task, long total, boolean terminal, Consumer<String> lines) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(terminal ? TERMINAL_UPDATE_MS : LOG_UPDATE_MS)
                .showSpeed();
        if (!terminal) {
            builder.setConsumer(new DelegatingProgressBarConsumer(line -> printNews(line, lines), LOG_WIDTH));
        }
        bar = builder.build();
    }

    /** The bar gives its last line up to three times, with other times. */
    private synchronized void printNews(String line, Consumer<String> lines) {
        String news = TIMES.matcher(line).replaceFirst("");
        if (!news.equals(printed)) {
            printed = news;
            lines.accept(line);
        }
    }

    public void to(long done, String state) {
        bar.setExtraMessage(" " + state);
        bar.stepTo(done);
    }

    @Override
    public void close() {
        bar.close();
    }
}
