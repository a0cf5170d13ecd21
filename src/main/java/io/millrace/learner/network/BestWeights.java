package io.millrace.learner.network;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.RunningMeans;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;

/** A copy of the best weights by {@link EarlyStopping}, which is served while the current weights keep learning. */
final class BestWeights {
    private final EarlyStopping stopping;
    private final Weights weights;

    BestWeights(LearnerSpec spec, Network network) {
        stopping = new EarlyStopping(
                spec.validation().patience(), spec.validation().minGain());
        weights = new Weights(spec, network);
    }

    /**
     * Evaluates the current weights at a report, and keeps a copy of them if they are to be served from now on.
     *
     * @param validation score on the examples since the last report; null if there were none, and then patience does not change
     * @param evaluated means of the prequential evaluation of all learned examples
     * @param learned version of the current weights
     * @param position {@code Learner.nextPosition} of the current weights
     * @return the weights that are served now; null if there are no best weights yet
     */
    Report.Best report(
            Score validation,
            Trainer trainer,
            Preprocessing preprocessing,
            RunningMeans evaluated,
            long learned,
            long position) {
        EarlyStopping.Outcome outcome =
                validation == null ? EarlyStopping.Outcome.NO_GAIN : stopping.report(validation.loss());
        if (outcome != EarlyStopping.Outcome.NO_GAIN) {
            weights.copy(trainer, preprocessing, evaluated, learned, position);
        }
        return served(outcome == EarlyStopping.Outcome.PATIENCE_ENDED);
    }

    /** The weights that are served, for a report that does not evaluate the current ones; null if there are no best weights yet. */
    Report.Best served() {
        return served(false);
    }

    private Report.Best served(boolean ended) {
        return exist()
                ? new Report.Best(weights.version(), stopping.bestLoss(), stopping.reportsWithoutGain(), ended)
                : null;
    }

    /** Whether there are best weights. */
    boolean exist() {
        return stopping.hasBest();
    }

    /** The best weights, which the next report may overwrite. */
    Weights weights() {
        return weights;
    }

    /** Starts again, because later losses cannot be compared with those so far. */
    void forget() {
        stopping.forget();
    }

    void save(StateWriter out) {
        stopping.save(out);
        weights.save(out);
    }

    void restore(StateReader in, SavedShape shape) {
        stopping.restore(in);
        weights.restore(in, shape);
    }
}
