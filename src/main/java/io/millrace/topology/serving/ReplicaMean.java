package io.millrace.topology.serving;

import io.millrace.feature.InputRow;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import io.millrace.learner.input.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** Predicts with all replicas: the mean of their scores, weighted as {@link Replica} says. For one thread. */
public final class ReplicaMean {
    private final LiveModel.Replicas replicas;
    private final List<Predictor> predictors = new ArrayList<>(); // the replicas that have a share
    private final List<Double> shares = new ArrayList<>();

    public ReplicaMean(LiveModel.Replicas replicas) {
        this.replicas = replicas;
        for (int i = 0; i < replicas.predictors().size(); i++) {
            if (replicas.shares().get(i) > 0) {
                predictors.add(replicas.predictors().get(i).forAnotherThread());
                shares.add(replicas.shares().get(i));
            }
        }
    }

    LiveModel.Replicas of() {
        return replicas;
    }

    public boolean isEmpty() {
        return predictors.isEmpty();
    }

    /** A model whose task and classes define what the scores mean. */
    Model model() {
        return predictors.get(0).model();
    }

    /**
     * Predicts scores in a new array, which the answer keeps. A replica whose scores are not finite is left out.
     *
     * @throws BadInputException when no replica gives finite scores
     */
    public float[] predict(InputRow row) {
        float[] scores = new float[model().scores()];
        if (predictors.size() == 1) {
            predictors.get(0).predict(row, scores);
            return scores;
        }
        double[] sums = new double[scores.length];
        double total = 0;
        BadInputException refusal = null;
        for (int k = 0; k < predictors.size(); k++) {
            try {
                predictors.get(k).predict(row, scores);
            } catch (BadInputException e) {
                refusal = e;
                continue;
            }
            double share = shares.get(k);
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
