package io.millrace.cluster;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.util.concurrent.CompletableFuture;

/** Sends examples until it is stopped, so slowly that every fault finds some on the way. */
final class Feeding {
    private final CompletableFuture<Integer> sent;
    private volatile boolean stopped;

    private Feeding(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int examples, long everyMs) {
        sent = CompletableFuture.supplyAsync(() -> {
            int next = 0;
            while (!stopped) {
                cluster.sendExamples(config, serdes, next, next + examples);
                next += examples;
                try {
                    Thread.sleep(everyMs);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return next;
        });
    }

    static Feeding start(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int examples, long everyMs) {
        return new Feeding(cluster, config, serdes, examples, everyMs);
    }

    /** Returns how many examples were sent and acknowledged, over all partitions. */
    int stop() {
        stopped = true;
        return sent.join();
    }
}
