package io.millrace.topology.serving;

import io.millrace.feature.InputRow;
import io.millrace.learner.Model;
import io.millrace.learner.Server;
import io.millrace.learner.input.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers with all replicas: the mean of their scores, weighted as {@link Replica} says. For one thread. */
public final class ReplicaMean {
    private final LiveModel.Replicas replicas;
    private final List<LiveModel.Part> parts; // those that have a share
    private final List<Server> servers = new ArrayList<>(); // of these

    public ReplicaMean(LiveModel.Replicas replicas) {
        this(replicas, part -> part.predictor().server(null, part.brought()));
    }

    private ReplicaMean(LiveModel.Replicas replicas, Function<LiveModel.Part, Server> server) {
        this.replicas = replicas;
        parts = replicas.parts().stream().filter(part -> part.share() > 0).toList();
        parts.forEach(part -> servers.add(server.apply(part)));
    }

    /** Answers that depend on the versions and the request alone: earlier requests are not remembered. */
    public static ReplicaMean stateless(LiveModel.Replicas replicas) {
        return new ReplicaMean(replicas, part -> part.predictor().stateless());
    }

    /** Answers with newer versions, and takes over what the servers of the same learners remember. This object must not be used any more. */
    ReplicaMean next(LiveModel.Replicas newer) {
        return new ReplicaMean(newer, part -> part.predictor().server(former(part.learner()), part.brought()));
    }

    /** The server of an earlier version of a learner; null if there is none. */
    private Server former(Object learner) {
        Server former = null;
        for (int k = 0; k < servers.size(); k++) {
            former = parts.get(k).learner() == learner ? servers.get(k) : former;
        }
        return former;
    }

    public LiveModel.Replicas of() {
        return replicas;
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** A model whose task and classes define what the scores mean. */
    public Model model() {
        return parts.get(0).predictor().model();
    }

    /**
     * Answers with scores in a new array, which the answer keeps. A replica whose scores are not finite is left out.
     *
     * @param time event time of the request, ms
     * @throws BadInputException when no replica gives finite scores
     */
    public float[] answer(InputRow row, long time) {
        float[] scores = new float[model().scores()];
        if (servers.size() == 1) {
            servers.get(0).answer(row, time, scores);
            return scores;
        }
        double[] sums = new double[scores.length];
        double total = 0;
        BadInputException refusal = null;
        for (int k = 0; k < servers.size(); k++) {
            try {
                servers.get(k).answer(row, time, scores);
            } catch (BadInputException e) {
                refusal = e;
                continue;
            }
            double share = parts.get(k).share();
            total += share;
            for (int i = 0; i < sums.length; i++) {
                sums[i] += share * scores[i];
            }
        }
        if (total == 0) {
            throw refusal;
        }
        for (int i = 0; i < sums.length; i++) {
            scores[i] = (float) (refusal == null ? sums[i] : sums[i] / total);
        }
        return scores;
    }
}
