package io.millrace.http;

import io.javalin.http.ServiceUnavailableResponse;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.LiveModel.Replicas;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Hands out {@link VersionAnswers} of the newest version, to one thread at a time. It keeps as many as threads have worked at once. */
final class NewestAnswers {
    private final LiveModel live;
    private final Queue<VersionAnswers> idle = new ConcurrentLinkedQueue<>();

    NewestAnswers(LiveModel live) {
        this.live = live;
    }

    String name() {
        return live.name();
    }

    /** Whether a version is there. */
    boolean isThere() {
        return isThere(live.replicas());
    }

    private static boolean isThere(Replicas replicas) {
        return !replicas.predictors().isEmpty();
    }

    /**
     * Works with the newest version.
     *
     * @throws ServiceUnavailableResponse while there is none
     */
    <T> T with(Function<VersionAnswers, T> work) {
        Replicas newest = live.replicas();
        if (!isThere(newest)) {
            throw new ServiceUnavailableResponse("No version of the model has arrived yet.");
        }
        VersionAnswers answers = idle.poll();
        if (answers == null || answers.of() != newest) {
            answers = new VersionAnswers(name(), newest);
        }
        try {
            return work.apply(answers);
        } finally {
            if (answers.of() == live.replicas()) { // an older one would keep its weights in memory
                idle.add(answers);
            }
        }
    }
}
