package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** The usual loss of mini-batches, a mean with fading weights, and the limit above which a loss is not usual. */
public final class UsualLoss {
    /** Weight of a mini-batch. */
    private static final double NEW = 0.01;

    private final double factor;
    private double loss = Double.NaN; // before the first mini-batch

    /** @param factor how many times the usual loss is the limit; 0: there is none */
    public UsualLoss(double factor) {
        this.factor = factor;
    }

    /** Mean loss above which a mini-batch must be refused. The usual loss counts as at least 1. */
    public double limit() {
        return factor == 0 || Double.isNaN(loss) ? Double.POSITIVE_INFINITY : factor * Math.max(1, loss);
    }

    /** Adds the mean loss of a mini-batch that was learned. */
    public void learned(double newLoss) {
        loss = Double.isNaN(loss) ? newLoss : loss + NEW * (newLoss - loss);
    }

    /** Measures it again from now on. */
    public void forget() {
        loss = Double.NaN;
    }

    public void save(StateWriter out) {
        out.putDouble(loss);
    }

    public void restore(StateReader in) {
        loss = in.getDouble();
        if (loss < 0) {
            throw new IllegalStateException(
                    "the saved state holds a usual loss of " + loss + ", which no learner has written");
        }
    }
}
