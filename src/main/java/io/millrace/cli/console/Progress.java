package io.millrace.cli.console;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar with a short status: a line that is updated on a terminal, and occasional lines elsewhere. */
public final class Progress implements AutoCloseable {
    private static final int TERMINAL_UPDATE_MS = 200;
    private static final int LOG_UPDATE_MS = 2000;
    private static final int LOG_WIDTH = 120;

    private final ProgressBar bar;

    /** @param total amount of work; -1 if unknown */
    public Progress(String task, long total) {
        // set by bin/millrace, which can ask the shell; System.console() differs between Java versions
        boolean terminal = Boolean.getBoolean("millrace.terminal");
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(terminal ? TERMINAL_UPDATE_MS : LOG_UPDATE_MS)
                .showSpeed();
        if (!terminal) {
            builder.setConsumer(new DelegatingProgressBarConsumer(System.err::println, LOG_WIDTH));
        }
        bar = builder.build();
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
