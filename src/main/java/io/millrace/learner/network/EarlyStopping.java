package io.millrace.learner.network;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Early stopping (Goodfellow, Bengio and Courville, "Deep Learning", 2016, algorithm 7.1), for a stream that never ends. It decides which
 * weights are served while the current ones keep learning.
 *
 * <p>Each report has a validation loss, which is compared with that of the best weights so far. If it is lower by more than
 * {@code minGain}, this is a gain, and the current weights become the best. After {@code patience} reports in a row without a gain, the
 * current weights become the best too, regardless of their loss. The algorithm of the book would stop here and return the best weights.
 * But a stream may have drifted. Then no report might ever be better than the old best loss, and the old weights would be served forever.
 * So patience is the longest time, in reports, for which old weights are served after a drift. A loss that is not finite is not a gain,
 * and weights with such a loss never become the best.
 */
final class EarlyStopping {
    /** The result of a report. */
    enum Outcome {
        /** The current weights are the best. */
        GAIN,
        /** The best weights stay. */
        NO_GAIN,
        /** Too many reports without gain: the current weights replace the best. */
        PATIENCE_ENDED
    }

    private final int patience;
    private final double minGain;
    private double bestLoss = Double.POSITIVE_INFINITY; // infinite: there are no best weights
    private int withoutGain;

    EarlyStopping(int patience, double minGain) {
        this.patience = patience;
        this.minGain = minGain;
    }

    /** Evaluates the current weights by the validation loss of a report. */
    Outcome report(double loss) {
        if (loss < bestLoss - minGain) {
            take(loss);
            return Outcome.GAIN;
        }
        withoutGain++;
        if (withoutGain >= patience && Double.isFinite(loss)) {
            take(loss);
            return Outcome.PATIENCE_ENDED;
        }
        return Outcome.NO_GAIN;
    }

    private void take(double loss) {
        bestLoss = loss;
        withoutGain = 0;
    }

    /** Whether there are best weights. */
    boolean hasBest() {
        return bestLoss < Double.POSITIVE_INFINITY;
    }

    /** Validation loss of the best weights. */
    double bestLoss() {
        return bestLoss;
    }

    /** Number of reports since the best weights were found. */
    int reportsWithoutGain() {
        return withoutGain;
    }

    /** Starts again, because later losses cannot be compared with those so far. */
    void forget() {
        take(Double.POSITIVE_INFINITY);
    }

    void save(StateWriter out) {
        out.putDouble(bestLoss);
        out.putInt(withoutGain);
    }

    void restore(StateReader in) {
        bestLoss = in.getDouble();
        if (Double.isNaN(bestLoss)) {
            throw new IllegalStateException("the saved state holds a best loss of NaN, which no learner has written");
        }
        withoutGain = in.getSmallCount();
    }
}
