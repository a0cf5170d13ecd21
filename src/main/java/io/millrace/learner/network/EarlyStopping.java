package io.millrace.learner.network;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Early stopping (Goodfellow, Bengio and Courville, "Deep Learning", 2016, algorithm 7.1), for a stream that never ends: which weights
 * deserve to be served while the current ones learn on.
 *
 * <p>Each report brings a validation loss, which is compared with that of the best weights so far. Below it by more than
 * {@code minGain}: a gain, and the current weights become the best. Otherwise patience wears; when {@code patience} reports
 * in a row had no gain, the current weights become the best all the same, whatever their loss. The algorithm of the book would stop and return the
 * best here. On a stream the best of the past is an answer to a question that may have changed: after a drift no report would ever
 * gain on it, and it would be served for ever. So patience is the longest time, in reports, for which a drift can hold up what is
 * served. A loss that is not finite is no gain, and weights with such a loss never become the best.
 */
final class EarlyStopping {
    /** What follows from a report. */
    enum Verdict {
        /** The current weights are the best. */
        GAIN,
        /** The best weights stay. */
        NO_GAIN,
        /** Too many reports without gain: the current weights take the place of the best. */
        PATIENCE_ENDED
    }

    private final int patience;
    private final double minGain;
    private double bestLoss = Double.POSITIVE_INFINITY; // infinite: there is no best
    private int withoutGain;

    EarlyStopping(int patience, double minGain) {
        this.patience = patience;
        this.minGain = minGain;
    }

    /** Judges the current weights by the validation loss of a report. */
    Verdict judge(double loss) {
        if (loss < bestLoss - minGain) {
            take(loss);
            return Verdict.GAIN;
        }
        withoutGain++;
        if (withoutGain >= patience && Double.isFinite(loss)) {
            take(loss);
            return Verdict.PATIENCE_ENDED;
        }
        return Verdict.NO_GAIN;
    }

    private void take(double loss) {
        bestLoss = loss;
        withoutGain = 0;
    }

    /** Whether any weights have been found the best. */
    boolean hasBest() {
        return bestLoss < Double.POSITIVE_INFINITY;
    }

    /** Validation loss of the best weights. */
    double bestLoss() {
        return bestLoss;
    }

    /** Reports judged since the best weights became that. */
    int reportsWithoutGain() {
        return withoutGain;
    }

    /** Begins anew: losses to come are no measure for those so far. */
    void forget() {
        take(Double.POSITIVE_INFINITY);
    }

    void save(StateWriter out) {
        out.putDouble(bestLoss);
        out.putInt(withoutGain);
    }

    void restore(StateReader in) {
        bestLoss = in.getDouble();
        withoutGain = in.getInt();
        if (withoutGain < 0 || Double.isNaN(bestLoss)) {
            throw new IllegalStateException("the saved state holds " + withoutGain
                    + " reports without gain on a loss of " + bestLoss + ", which no learner has written");
        }
    }
}
