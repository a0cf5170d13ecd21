package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.Standardization;
import io.millrace.nn.layer.Shape;
import java.util.Arrays;

/**
 * Standardises the sequences of {@code Example}s, in place, as {@link ExampleScaling} does. A sequence may begin with padded steps, whose numbers are
 * NaN and stay NaN. They enter no statistics, so each step has a count of its own.
 */
final class SequenceScaling implements FeatureScaling {
    private final Kernels kernels = KernelsProvider.kernels().newInstance();
    private final Shape shape;
    private final double rate;
    private final long[] counts; // [steps], of which none is larger than the next
    private final double[] means; // [steps x features]
    private final double[] variances;
    private final long[] formerCounts; // statistics before the last mini-batch
    private final double[] formerMeans;
    private final double[] formerVariances;
    private final float[] trueInputs; // [batchSize x steps x features], in their unit
    private final double[] row; // one row, widened

    SequenceScaling(Shape shape, double rate, int batchSize) {
        this.shape = shape;
        this.rate = rate;
        counts = new long[shape.height()];
        means = new double[shape.size()];
        variances = new double[shape.size()];
        formerCounts = new long[counts.length];
        formerMeans = new double[means.length];
        formerVariances = new double[means.length];
        trueInputs = new float[batchSize * shape.size()];
        row = new double[shape.size()];
    }

    @Override
    public void scale(MiniBatch batch) {
        System.arraycopy(counts, 0, formerCounts, 0, counts.length);
        System.arraycopy(means, 0, formerMeans, 0, means.length);
        System.arraycopy(variances, 0, formerVariances, 0, means.length);
        System.arraycopy(batch.inputs, 0, trueInputs, 0, batch.rows() * means.length);
        for (int i = 0; i < batch.rows(); i++) {
            standardize(batch.inputs, i * means.length);
        }
    }

    private void standardize(float[] inputs, int offset) {
        int last = counts.length - 1;
        int padded = padded(inputs, offset);
        if (padded == 0 && counts[0] == counts[last]) { // as all rows so far: a row at once
            kernels.standardize(1, means.length, inputs, offset, means, variances, counts[0], rate, row);
            Arrays.fill(counts, counts[0] + 1);
            return;
        }
        Standardization.widen(inputs, offset, row);
        int width = shape.channels();
        for (int step = padded; step <= last; step++) {
            counts[step]++;
            double weight = Standardization.weight(counts[step], rate);
            Standardization.update(row, means, variances, weight, step * width, (step + 1) * width);
        }
        Standardization.scale(row, means, variances);
        Standardization.narrow(row, inputs, offset);
        Arrays.fill(inputs, offset, offset + padded * width, Float.NaN);
    }

    private int padded(float[] inputs, int offset) {
        int steps = 0;
        while (steps < counts.length - 1 && Float.isNaN(inputs[offset + steps * shape.channels()])) {
            steps++;
        }
        return steps;
    }

    @Override
    public void undo(MiniBatch batch) {
        System.arraycopy(formerCounts, 0, counts, 0, counts.length);
        System.arraycopy(formerMeans, 0, means, 0, means.length);
        System.arraycopy(formerVariances, 0, variances, 0, means.length);
        System.arraycopy(trueInputs, 0, batch.inputs, 0, batch.rows() * means.length);
    }

    @Override
    public double[] means() {
        return means;
    }

    @Override
    public double[] variances() {
        return variances;
    }

    /** As {@link Standardizer} writes it, with the number of rows: that of the last step. */
    @Override
    public void save(StateWriter out) {
        out.putLong(counts[counts.length - 1]);
        out.putDoubles(means);
        out.putDoubles(variances);
    }

    /** Counts each step as often as rows, unless {@link #restoreSteps} says something else. */
    @Override
    public void restore(StateReader in, int saved) {
        Arrays.fill(counts, in.getCount());
        in.getDoubles(means);
        in.getDoubles(variances);
    }

    @Override
    public void saveSteps(StateWriter out) {
        for (long count : counts) {
            out.putLong(count);
        }
    }

    @Override
    public void restoreSteps(StateReader in) {
        for (int step = 0; step < counts.length; step++) {
            counts[step] = in.getCount();
        }
    }
}
