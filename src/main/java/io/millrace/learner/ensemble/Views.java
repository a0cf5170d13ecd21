package io.millrace.learner.ensemble;

import io.millrace.learner.input.Standardizer;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;

/** The newest example as the members see it: standardised by long and by short statistics, and placed among bins. */
final class Views {
    private static final double SLOW = 0.001;
    private static final double FAST = 0.03;

    private final int features;
    private final Kernels kernels;
    private final Standardizer slowStatistics;
    private final Standardizer fastStatistics;
    private final float[] scratch;

    /** {@code [features]} each. */
    final float[] slow;

    final float[] fast;
    final float[] places;

    Views(int features, Kernels kernels) {
        this.features = features;
        this.kernels = kernels;
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

    /** Places a row of slow views. */
    void place(float[] slowViews, int from, float[] to, int at) {
        Bins.place(kernels, slowViews, from, to, at, features, scratch);
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
