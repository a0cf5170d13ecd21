package io.millrace.learner.ensemble;

import io.millrace.learner.input.Standardizer;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;

/**
 * An example as the members see it: standardised by long and by short statistics, each with the example itself first, and placed among bins.
 * Allocates nothing after construction.
 */
final class Views {
    private static final double SLOW = 0.001;
    /** Minimum weight of an example in the short statistics. */
    static final double FAST = 0.03;

    private final int features;
    private final Kernels kernels = KernelsProvider.kernels().newInstance();
    private final Standardizer slowStatistics;
    private final Standardizer fastStatistics;
    private final float[] slow;
    private final float[] fast;
    private final float[] places;
    private final float[] scratch;

    Views(int features) {
        this.features = features;
        slowStatistics = new Standardizer(features, SLOW);
        fastStatistics = new Standardizer(features, FAST);
        slow = new float[features];
        fast = new float[features];
        places = new float[features];
        scratch = new float[features];
    }

    /** Adds an example to the statistics, then scales it by them. */
    void take(float[] row) {
        System.arraycopy(row, 0, slow, 0, features);
        System.arraycopy(row, 0, fast, 0, features);
        slowStatistics.standardize(slow, 0);
        fastStatistics.standardize(fast, 0);
        place(slow, 0, places, 0);
    }

    /** Places a row of slow views among bins. */
    void place(float[] slowViews, int from, float[] to, int at) {
        Bins.place(kernels, slowViews, from, to, at, features, scratch);
    }

    /** The features by long statistics, [features], live. */
    float[] slow() {
        return slow;
    }

    /** The features by short statistics, [features], live. */
    float[] fast() {
        return fast;
    }

    /** The places of the features among bins, [features], live. */
    float[] places() {
        return places;
    }

    /** The long statistics, live. */
    Standardizer slowStatistics() {
        return slowStatistics;
    }

    /** The short statistics, live. */
    Standardizer fastStatistics() {
        return fastStatistics;
    }

    /** Copies the statistics of other views. */
    void copyStatistics(Views other) {
        slowStatistics.copy(other.slowStatistics);
        fastStatistics.copy(other.fastStatistics);
    }

    /** Copies the statistics of a model. */
    void copyStatistics(EnsembleModel model) {
        slowStatistics.set(model.rows(), model.slowMeans(), model.slowVariances());
        fastStatistics.set(model.rows(), model.fastMeans(), model.fastVariances());
    }

    /** Copies the long statistics of a model, and short ones of others. */
    void copyStatistics(EnsembleModel model, Standardizer fast) {
        slowStatistics.set(model.rows(), model.slowMeans(), model.slowVariances());
        fastStatistics.copy(fast);
    }

    void save(StateWriter out) {
        slowStatistics.save(out);
        fastStatistics.save(out);
    }

    void restore(StateReader in) {
        slowStatistics.restore(in);
        fastStatistics.restore(in);
    }
}
