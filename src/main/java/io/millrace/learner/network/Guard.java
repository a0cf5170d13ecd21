package io.millrace.learner.network;

import io.millrace.learner.evaluation.RunningMeans;
import io.millrace.learner.evaluation.UsualLoss;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;

/**
 * Decides what to do when mini-batches are refused. The last good weights are those of the last report without refusals, that is, no
 * mini-batch was refused since the report before it. After {@link GuardLimits#maxConsecutive} refusals in a row the learner returns to
 * these weights, with moments of zero and half the learning rate. Each later report without refusals doubles the rate, up to the configured
 * one. After a return the usual loss is measured again, so that a stream that has changed permanently can be learned.
 */
final class Guard {
    private static final double LEAST_RATE = 0x1p-20;

    private final GuardLimits limits;
    private final Weights good; // null: there is no return
    private final UsualLoss usualLoss;
    private double rate = 1;
    private int consecutive;
    private long refusedSinceReport;

    Guard(LearnerSpec spec, Network network) {
        limits = spec.guard();
        usualLoss = new UsualLoss(limits.lossFactor());
        good = limits.maxConsecutive() > 0 ? new Weights(spec, network) : null;
    }

    /** Keeps the weights with which training starts or continues as the last good ones. */
    void start(Trainer trainer, Preprocessing preprocessing, RunningMeans evaluated, long learned) {
        if (good != null) {
            good.copy(trainer, preprocessing, evaluated, learned, -1); // nobody asks where they were
        }
    }

    /** Mean loss above which a mini-batch must be refused. */
    double lossLimit() {
        return usualLoss.limit();
    }

    /** Factor for the learning rate. */
    double rate() {
        return rate;
    }

    /** Records that a mini-batch with this mean loss was learned. */
    void learned(double loss) {
        consecutive = 0;
        usualLoss.learned(loss);
    }

    /**
     * Records that a mini-batch was refused.
     *
     * @param trainer returned to the last good weights after too many refusals in a row
     * @return version of the weights that were restored; null if none were
     */
    Long refused(int examples, Trainer trainer) {
        refusedSinceReport += examples;
        if (good == null || ++consecutive < limits.maxConsecutive()) {
            return null;
        }
        good.putBack(trainer);
        consecutive = 0;
        rate = Math.max(LEAST_RATE, rate / 2);
        usualLoss.forget();
        return good.version();
    }

    /** Returns the number of examples refused since the last report. If there are none, keeps the current weights as the last good ones. */
    long report(Trainer trainer, Preprocessing preprocessing, RunningMeans evaluated, long learned) {
        long refused = refusedSinceReport;
        if (refused == 0) {
            rate = Math.min(1, rate * 2);
            if (good != null) {
                good.copy(trainer, preprocessing, evaluated, learned, -1); // nobody asks where they were
            }
        }
        refusedSinceReport = 0;
        return refused;
    }

    void save(StateWriter out) {
        usualLoss.save(out);
        out.putDouble(rate);
        out.putInt(consecutive);
        out.putLong(refusedSinceReport);
    }

    void restore(StateReader in) {
        usualLoss.restore(in);
        rate = in.getDouble();
        consecutive = in.getSmallCount();
        refusedSinceReport = in.getCount();
        if (!(rate >= LEAST_RATE && rate <= 1)) {
            throw new IllegalStateException(
                    "the saved state holds a rate of " + rate + ", which no learner has written");
        }
    }

    /** The last good weights, which are part of the saved state; null if the learner never returns. */
    Weights good() {
        return good;
    }
}
