package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Network;

/**
 * A member that learns some new examples together with replayed ones, and averages its weights (Polyak and Juditsky, 1992). Its averaged weights are one expert,
 * its newest another. While it is young it steps more often, so that new examples are learned several times.
 */
final class SteadyMember implements Member {
    private static final int AVERAGE_EVERY = 8;
    private static final double AVERAGING = 0.001; // for each example
    private static final int YOUNG = 2048;
    private static final int YOUNG_EVERY = 2;

    private final GuardedTrainer trainer;
    private final MemberPass pass;
    private final int fresh; // new examples in a step, once it is not young any more
    private final int replayed; // earlier examples in a step
    private final int young; // number of examples while it is young
    private final int targetWidth;
    private final MemberInputs batch;
    private final float[] targets; // [maxRows x targetWidth]
    private final float[] weights; // [maxRows]
    private final float[] average; // null: it does not average
    private final int averagedCount; // canonical; 0: it does not average
    private final int averagedLength; // padded; what follows are tables, of which the rows are the newest
    private long averaged;

    /** @param startsWarm whether it steps more often while it is young */
    SteadyMember(
            MemberSpec spec,
            boolean startsWarm,
            EnsembleInputs inputs,
            int outputs,
            Loss loss,
            GuardLimits limits,
            long seed) {
        fresh = spec.batch();
        replayed = spec.replayed();
        young = startsWarm ? YOUNG : 0;
        int maxRows = fresh + replayed;
        Network network = MemberNetworks.of(spec, inputs, outputs, loss);
        trainer = new GuardedTrainer(network, spec.rate(), maxRows, limits, seed);
        pass = new MemberPass(spec, inputs, network);
        batch = new MemberInputs(spec, inputs, maxRows);
        targetWidth = loss.targetWidth(outputs);
        targets = new float[maxRows * targetWidth];
        weights = new float[maxRows];
        average = spec.averages() ? new float[network.parameterLength()] : null;
        averagedCount = (int) spec.averaged(inputs, outputs);
        averagedLength = spec.tables(inputs).isEmpty()
                ? network.parameterLength()
                : network.layout().denseLength();
    }

    @Override
    public int experts() {
        return average == null ? 1 : 2;
    }

    @Override
    public void predict(Views views, float[] logits, int from) {
        pass.take(views);
        int to = average == null ? from : pass.predict(averaged(), logits, from);
        pass.predict(trainer.parameters(), logits, to);
    }

    /** The averaged weights, which are the newest until there is an average. */
    private float[] averaged() {
        return averaged > 0 ? average : trainer.parameters();
    }

    @Override
    public void learn(Views views, ExampleRing ring, float[] target, float weight, long n) {
        int every = n < young ? YOUNG_EVERY : fresh;
        if (n % every == every - 1) {
            gather(views, ring, target, weight, n);
            if (trainer.step(batch, targets, weights) && averaged > 0) {
                copyNewest(); // the average may contain damaged weights
            } else if (average != null && averagedLength < average.length) {
                trainer.copyMetRows(average);
            }
        }
        if (average != null && (n + 1) % AVERAGE_EVERY == 0) {
            averaged++;
            if (averaged == 1) {
                copyNewest();
            } else {
                average(trainer.parameters(), average, averagedLength, (float)
                        Math.max(AVERAGE_EVERY * AVERAGING, 1.0 / averaged));
            }
        }
    }

    private void copyNewest() {
        System.arraycopy(trainer.parameters(), 0, average, 0, average.length);
    }

    /** The last examples in their order, then replayed ones. */
    private void gather(Views views, ExampleRing ring, float[] target, float weight, long n) {
        batch.clear();
        int waiting = (int) Math.min(fresh - 1, n);
        for (int q = waiting; q > 0; q--) {
            add(ring, ExampleRing.slot(n - q));
        }
        System.arraycopy(target, 0, targets, batch.rows() * targetWidth, targetWidth);
        weights[batch.rows()] = weight;
        batch.add(views);
        int drawn = (int) Math.min(replayed, n);
        for (int q = 0; q < drawn; q++) {
            add(ring, ring.drawn(n, q));
        }
    }

    private void add(ExampleRing ring, int slot) {
        System.arraycopy(ring.targets(), slot * targetWidth, targets, batch.rows() * targetWidth, targetWidth);
        weights[batch.rows()] = ring.weights()[slot];
        batch.add(ring, slot);
    }

    private static void average(float[] newest, float[] average, int length, float rate) {
        for (int i = 0; i < length; i++) {
            average[i] = Math.fma(rate, newest[i] - average[i], average[i]);
        }
    }

    @Override
    public GuardedTrainer trainer() {
        return trainer;
    }

    @Override
    public float[] parameters(int expert) {
        return average != null && expert == 0 ? averaged() : trainer.parameters();
    }

    @Override
    public int parameterCount() {
        return trainer.network().parameterCount() + averagedCount;
    }

    @Override
    public void parameters(float[] canonical, int to) {
        MemberNetworks.copy(trainer.network(), trainer.parameters(), canonical, to);
        if (average != null) {
            trainer.network()
                    .layout()
                    .toCanonical(
                            averaged(),
                            0,
                            averagedCount,
                            canonical,
                            to + trainer.network().parameterCount());
        }
    }

    @Override
    public void save(StateWriter out) {
        trainer.save(out);
        out.putLong(averaged);
        if (average != null) {
            float[] canonical = new float[averagedCount];
            trainer.network().layout().toCanonical(average, 0, averagedCount, canonical, 0);
            out.putFloats(canonical, averagedCount);
        }
    }

    @Override
    public void restore(StateReader in, SavedMember saved) {
        trainer.restore(in, saved);
        averaged = in.getCount();
        if (average != null) {
            copyNewest(); // tables
            float[] canonical = new float[trainer.network().parameterCount()];
            saved.readAveraged(in, canonical);
            trainer.network().layout().fromCanonical(canonical, 0, 0, averagedCount, average);
        }
    }
}
