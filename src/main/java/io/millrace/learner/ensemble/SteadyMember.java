package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.loss.Loss;

/**
 * A member that learns some new examples together with replayed ones, and averages its weights (Polyak and Juditsky, 1992). Its averaged weights are one expert,
 * its newest another. While it is young it steps more often, so that new examples are learned several times.
 */
final class SteadyMember implements Member {
    static final int REPLAYED = 24;
    private static final int AVERAGE_EVERY = 8;
    private static final double AVERAGING = 0.001; // for each example
    private static final int YOUNG = 2048;
    private static final int YOUNG_EVERY = 2;

    private final MemberNetwork network;
    private final MemberInputs row;
    private final MemberInputs batch;
    private final int targetWidth;
    private final float[] targets; // [maxRows x targetWidth]
    private final float[] weights; // [maxRows]
    private final float[] average;
    private long averaged;

    SteadyMember(MemberSpec spec, int features, int outputs, Loss loss, long seed) {
        int maxRows = spec.batch() + REPLAYED;
        network = new MemberNetwork(spec, features, outputs, loss, maxRows, seed);
        row = new MemberInputs(spec, features, 1);
        batch = new MemberInputs(spec, features, maxRows);
        targetWidth = loss.targetWidth(outputs);
        targets = new float[maxRows * targetWidth];
        weights = new float[maxRows];
        average = network.trainer.parameters().clone();
    }

    @Override
    public int experts() {
        return 2;
    }

    @Override
    public void predict(Views views, long n, float[] logits, int from) {
        row.clear();
        row.add(views);
        float[] newest = network.trainer.parameters();
        int outputs = network.network.architecture().outputs();
        network.predict(averaged > 0 ? average : newest, row, logits, from);
        network.predict(newest, row, logits, from + outputs);
    }

    @Override
    public void learn(Views views, ExampleRing ring, float[] target, float weight, long n) {
        int every = n < YOUNG ? YOUNG_EVERY : network.spec.batch();
        if (n % every == every - 1) {
            gather(views, ring, target, weight, n);
            network.step(batch, targets, weights);
        }
        if ((n + 1) % AVERAGE_EVERY == 0) {
            averaged++;
            average((float) Math.max(AVERAGE_EVERY * AVERAGING, 1.0 / averaged));
        }
    }

    /** The last examples in their order, then replayed ones. */
    private void gather(Views views, ExampleRing ring, float[] target, float weight, long n) {
        batch.clear();
        int fresh = (int) Math.min(network.spec.batch(), n + 1);
        for (int q = fresh - 1; q > 0; q--) {
            add(ring, ExampleRing.slot(n - q));
        }
        System.arraycopy(target, 0, targets, batch.rows() * targetWidth, targetWidth);
        weights[batch.rows()] = weight;
        batch.add(views);
        int replayed = (int) Math.min(REPLAYED, n);
        for (int q = 0; q < replayed; q++) {
            add(ring, ring.drawn(n, q));
        }
    }

    private void add(ExampleRing ring, int slot) {
        System.arraycopy(ring.targets, slot * targetWidth, targets, batch.rows() * targetWidth, targetWidth);
        weights[batch.rows()] = ring.weights[slot];
        batch.add(ring, slot);
    }

    private void average(float rate) {
        float[] newest = network.trainer.parameters();
        for (int i = 0; i < average.length; i++) {
            average[i] = Math.fma(rate, newest[i] - average[i], average[i]);
        }
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
}
