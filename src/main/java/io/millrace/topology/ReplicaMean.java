package io.millrace.topology;

import io.millrace.learner.Predictor;
import java.util.List;

/** Predicts with all replicas: the mean of their scores, weighted by the examples that each has learned. For one thread. */
final class ReplicaMean {
    private final LiveModel.Replicas replicas;
    private final List<Predictor> predictors;

    ReplicaMean(LiveModel.Replicas replicas) {
        this.replicas = replicas;
        predictors =
                replicas.predictors().stream().map(Predictor::forAnotherThread).toList();
    }

    LiveModel.Replicas of() {
        return replicas;
    }

    boolean isEmpty() {
        return predictors.isEmpty();
    }

    /** Scores in an array of their own, which the answer keeps. */
    float[] predict(float[] features) {
        Predictor first = predictors.get(0);
        float[] scores = new float[first.model().scores()];
        first.predict(features, scores);
        if (predictors.size() == 1) {
            return scores;
        }
        double[] sums = new double[scores.length];
        for (Predictor predictor : predictors) {
            predictor.predict(features, scores);
            double share = (double) predictor.model().version() / replicas.version();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += share * scores[i];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            scores[i] = (float) sums[i];
        }
        return scores;
    }
}
