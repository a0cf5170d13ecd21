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

/** The weights that {@link EarlyStopping} has found the best: a copy of them, which is served while the current ones learn. */
final class BestWeights {
    private final EarlyStopping stopping;
    private final Weights weights;

    BestWeights(LearnerSpec spec, Network network) {
        stopping = new EarlyStopping(
                spec.validation().patience(), spec.validation().minGain());
        weights = new Weights(spec, network);
    }

    /**
     * Judges the current weights at a report, and keeps a copy of them if they are to be served from now on.
     *
     * @param validation on the examples since the last report; null if there were none, which is neither a gain nor a want of one
     * @param evaluated means of the prequential evaluation of all examples learned
     * @param learned version of the current weights
     * @param position {@code Learner.nextPosition} of the current weights
     * @return what is served now; null if nothing was ever judged
     */
    Report.Best judge(
            Score validation,
            Trainer trainer,
            Preprocessing preprocessing,
            RunningMeans evaluated,
            long learned,
            long position) {
        EarlyStopping.Verdict verdict =
                validation == null ? EarlyStopping.Verdict.NO_GAIN : stopping.judge(validation.loss());
        if (verdict != EarlyStopping.Verdict.NO_GAIN) {
            weights.copy(trainer, preprocessing, evaluated, learned, position);
        }
        boolean ended = verdict == EarlyStopping.Verdict.PATIENCE_ENDED;
        return exist()
                ? new Report.Best(weights.version(), stopping.bestLoss(), stopping.reportsWithoutGain(), ended)
                : null;
    }

    /** Whether any weights have been judged the best so far. */
    boolean exist() {
        return stopping.hasBest();
    }

    /** The best weights, which the next report may overwrite. */
    Weights weights() {
        return weights;
    }

    /** Begins anew: the losses to come are no measure for those so far. */
    void forget() {
        stopping.forget();
    }

    void save(StateWriter out) {
        stopping.save(out);
        weights.save(out);
    }

    void restore(StateReader in) {
        stopping.restore(in);
        weights.restore(in);
    }
}
