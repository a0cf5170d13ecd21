package io.millrace.learner.ensemble;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.FeatureStatistics;
import io.millrace.learner.spec.EnsembleInputs;
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

    private final Kernels kernels = KernelsProvider.kernels().newInstance();
    private final FeatureStatistics slowStatistics;
    private final FeatureStatistics fastStatistics;
    private final float[] slow;
    private final float[] fast;
    private final float[] places;
    private final float[] scratch;
    private int[] ids;
    private int[] ends;
    private final int[] placed; // indices of the features that are placed among bins

    /** @param layout of declared features; null for {@code Example}s */
    Views(InputLayout layout, EnsembleInputs inputs) {
        int features = inputs.numbers();
        placed = inputs.placed().stream().mapToInt(j -> j).toArray();
        slowStatistics = FeatureStatistics.of(layout, features, SLOW);
        fastStatistics = FeatureStatistics.of(layout, features, FAST);
        slow = new float[features];
        fast = new float[features];
        places = new float[placed.length];
        scratch = new float[placed.length];
    }

    /** Adds an example to the statistics, then scales it by them. */
    void take(InputRow row) {
        slowStatistics.standardize(kernels, row, slow);
        fastStatistics.standardize(kernels, row, fast);
        ids = row.ids();
        ends = row.ends();
        place(slow, 0, places, 0);
        if (row.features() == null) {
            for (int j = 0; j < placed.length; j++) {
                if (Double.isNaN(row.numbers()[placed[j]])) {
                    places[j] = Float.NaN;
                }
            }
        }
    }

    private void place(float[] slowViews, int from, float[] to, int at) {
        Bins.place(kernels, slowViews, from, placed, to, at, scratch);
    }

    /** Copies a row of slow views, with NaN where a number is missing that otherwise is placed among bins. */
    void copyMarked(float[] slowViews, int from, float[] placesOfThem, int at, float[] marked) {
        System.arraycopy(slowViews, from, marked, 0, slow.length);
        for (int j = 0; j < placed.length; j++) {
            if (Float.isNaN(placesOfThem[at + j])) {
                marked[placed[j]] = Float.NaN;
            }
        }
    }

    /** The inverse of {@link #copyMarked}. */
    void takeMarked(float[] marked, float[] slowViews, int from, float[] placesOfThem, int at) {
        for (int j = 0; j < slow.length; j++) {
            slowViews[from + j] = Float.isNaN(marked[j]) ? 0 : marked[j];
        }
        place(slowViews, from, placesOfThem, at);
        for (int j = 0; j < placed.length; j++) {
            if (Float.isNaN(marked[placed[j]])) {
                placesOfThem[at + j] = Float.NaN;
            }
        }
    }

    /** The features by long statistics, [features], live. */
    float[] slow() {
        return slow;
    }

    /** The features by short statistics, [features], live. */
    float[] fast() {
        return fast;
    }

    /** Ids of all tables, one table after the other: the row's own. */
    int[] ids() {
        return ids;
    }

    /** For each table the end of its ids: the row's own. */
    int[] ends() {
        return ends;
    }

    /** The places of the features that have bins, live; NaN where one is missing. */
    float[] places() {
        return places;
    }

    /** The long statistics, live. */
    FeatureStatistics slowStatistics() {
        return slowStatistics;
    }

    /** The short statistics, live. */
    FeatureStatistics fastStatistics() {
        return fastStatistics;
    }

    /** Copies the statistics of other views. */
    void copyStatistics(Views other) {
        slowStatistics.copy(other.slowStatistics);
        fastStatistics.copy(other.fastStatistics);
    }

    /** Copies the statistics of a model. */
    void copyStatistics(EnsembleModel model) {
        slowStatistics.set(model.counts(), model.slowMeans(), model.slowVariances());
        fastStatistics.set(model.counts(), model.fastMeans(), model.fastVariances());
    }

    /** Copies the long statistics of a model, and short ones of others. */
    void copyStatistics(EnsembleModel model, FeatureStatistics fast) {
        slowStatistics.set(model.counts(), model.slowMeans(), model.slowVariances());
        fastStatistics.copy(fast);
    }

    void save(StateWriter out) {
        slowStatistics.save(out);
        fastStatistics.save(out);
    }

    /** @param saved number of numbers then; those behind them are new */
    void restore(StateReader in, int saved) {
        slowStatistics.restore(in, saved);
        fastStatistics.restore(in, saved);
    }
}
