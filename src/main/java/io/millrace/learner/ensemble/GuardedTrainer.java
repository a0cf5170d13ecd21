package io.millrace.learner.ensemble;

import io.millrace.learner.evaluation.UsualLoss;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Saliency;
import io.millrace.nn.network.StepOutcome;
import io.millrace.nn.network.Trainer;
import io.millrace.nn.optimizer.RmsProp;
import java.util.Arrays;

/**
 * Trains the network of a member. A step that would damage it is refused, and counts. After {@link GuardLimits#maxConsecutive} refusals in a row the
 * network returns to its last good weights, with moments of zero; these are the weights at the last report before which no step was refused. The
 * other members learn the refused examples, so none of them is lost.
 */
final class GuardedTrainer {
    private static final RmsProp OPTIMIZER = new RmsProp(0.99, 1e-8, false);

    private final Network network;
    private final Trainer trainer;
    private final float rate;
    private final int patience;
    private final float[] losses; // [maxRows]
    private final float[] scores; // [maxRows x outputs]
    private final UsualLoss usualLoss;
    private final float[] good; // canonical; null: there is no return
    private long copied = Trainer.NO_COPY; // what the last copy to the good weights returned
    private long goodVersion;
    private int consecutive;
    private long refused; // since the last report
    private boolean returned; // since the last report

    /**
     * @param maxRows the largest batch of a step
     * @param seed seed of the first weights; those of the output layer are zero
     */
    GuardedTrainer(Network network, double rate, int maxRows, GuardLimits limits, long seed) {
        this.network = network;
        this.rate = (float) rate;
        trainer = new Trainer(network, OPTIMIZER, maxRows);
        losses = new float[maxRows];
        scores = new float[maxRows * network.architecture().outputs()];
        MemberNetworks.initialize(network, trainer.parameters(), seed);
        patience = limits.maxConsecutive();
        usualLoss = new UsualLoss(limits.lossFactor());
        good = patience > 0 ? new float[network.parameterCount()] : null;
        keep(0);
    }

    Network network() {
        return network;
    }

    /** Makes what explains predictions of the network. */
    Saliency saliency() {
        return trainer.saliency();
    }

    /** The newest parameters, padded, live. */
    float[] parameters() {
        return trainer.parameters();
    }

    /** Copies the rows of tables that the last step has changed to padded parameters. */
    void copyMetRows(float[] padded) {
        trainer.copyMetRows(padded);
    }

    /** Copies the logits of one row from {@code to}, with the newest parameters. */
    void predict(MemberInputs row, float[] logits, int to) {
        trainer.tokens(row.tokens());
        trainer.predict(row.numbers(), 1);
        System.arraycopy(trainer.logits(), 0, logits, to, network.architecture().outputs());
    }

    /**
     * One step on the row of the {@link #predict} right before.
     *
     * @return whether the network has returned to its good weights
     */
    boolean learn(MemberInputs row, float[] targets, float[] weights) {
        trainer.lossLimit(usualLoss.limit());
        return took(trainer.learn(row.numbers(), targets, weights, 1, rate, losses, scores, false));
    }

    /**
     * One step on a batch.
     *
     * @return whether the network has returned to its good weights
     */
    boolean step(MemberInputs batch, float[] targets, float[] weights) {
        trainer.tokens(batch.tokens());
        trainer.lossLimit(usualLoss.limit());
        return took(trainer.step(batch.numbers(), targets, weights, batch.rows(), rate, losses, scores, false));
    }

    private boolean took(StepOutcome outcome) {
        if (outcome == StepOutcome.TAKEN) {
            consecutive = 0;
            usualLoss.learned(trainer.meanLoss());
            return false;
        }
        refused++;
        if (good == null || ++consecutive < patience) {
            return false;
        }
        network.fromCanonical(good, trainer.parameters());
        trainer.parametersReplaced();
        Arrays.fill(trainer.moments()[0], 0f);
        consecutive = 0;
        returned = true;
        usualLoss.forget();
        return true;
    }

    /** Whether the network has returned to its good weights since the last report. */
    boolean returned() {
        return returned;
    }

    /** Number of examples that the good weights have learned. */
    long goodVersion() {
        return goodVersion;
    }

    /**
     * Begins the next report. If no step was refused since the last one, the current weights become the good ones.
     *
     * @param version number of examples that they have learned
     * @return the number of refused steps since the last report
     */
    long report(long version) {
        long since = refused;
        if (since == 0) {
            keep(version);
        }
        refused = 0;
        returned = false;
        return since;
    }

    private void keep(long version) {
        if (good != null) {
            copied = trainer.copyParameters(good, copied);
            goodVersion = version;
        }
    }

    void save(StateWriter out) {
        usualLoss.save(out);
        out.putInt(consecutive);
        out.putLong(refused);
        out.putInt(returned ? 1 : 0);
        out.putLong(trainer.steps());
        MemberNetworks.save(network, trainer.parameters(), out);
        MemberNetworks.save(network, trainer.moments()[0], out);
    }

    void restore(StateReader in, SavedMember saved) {
        usualLoss.restore(in);
        consecutive = in.getSmallCount();
        refused = in.getCount();
        returned = in.getInt() != 0;
        trainer.steps(in.getCount());
        MemberNetworks.restore(network, trainer.parameters(), in, saved);
        trainer.parametersReplaced();
        MemberNetworks.restore(network, trainer.moments()[0], in, saved);
    }

    /** Writes the good weights, which change at reports only. Without a return there are none. */
    void saveGood(StateWriter out) {
        if (good != null) {
            out.putLong(goodVersion);
            out.putFloats(good, good.length);
        }
    }

    /**
     * Reads what {@link #saveGood} wrote. Without it, the current weights become the good ones.
     *
     * @param wrote whether it wrote something
     */
    void restoreGood(StateReader in, SavedMember saved, boolean wrote, long version) {
        if (wrote) {
            goodVersion = in.getCount();
            saved.read(in, good == null ? new float[network.parameterCount()] : good);
            copied = Trainer.NO_COPY;
        } else {
            report(version);
        }
    }
}
