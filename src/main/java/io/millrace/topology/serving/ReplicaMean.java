package io.millrace.topology.serving;

import io.millrace.feature.InputRow;
import io.millrace.learner.Model;
import io.millrace.learner.Server;
import io.millrace.learner.input.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** Answers with all replicas: the mean of their scores, weighted as {@link Replica} says. For one thread. */
public final class ReplicaMean {
    private final LiveModel.Replicas replicas;
    private final List<LiveModel.Part> parts; // those that have a share
    private final List<Server> servers = new ArrayList<>(); // of these

    public ReplicaMean(LiveModel.Replicas replicas) {
        this(replicas, List.of(), List.of());
    }

    private ReplicaMean(LiveModel.Replicas replicas, List<LiveModel.Part> formerParts, List<Server> formerServers) {
        this.replicas = replicas;
        parts = replicas.parts().stream().filter(part -> part.share() > 0).toList();
        for (LiveModel.Part part : parts) {
            Server former = null;
            for (int k = 0; k < formerServers.size(); k++) {
                former = formerParts.get(k).learner() == part.learner() ? formerServers.get(k) : former;
            }
            servers.add(part.predictor().server(former, part.brought()));
        }
    }

    /** Answers with newer versions, and takes over what the servers of the same learners remember. This object must not be used any more. */
    ReplicaMean next(LiveModel.Replicas newer) {
        return new ReplicaMean(newer, parts, servers);
    }

    LiveModel.Replicas of() {
        return replicas;
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** A model whose task and classes define what the scores mean. */
    Model model() {
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
