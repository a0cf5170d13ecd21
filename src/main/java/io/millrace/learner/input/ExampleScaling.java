package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;

/** Standardises the features of {@code Example}s, in place. */
final class ExampleScaling implements FeatureScaling {
    private final Kernels kernels = KernelsProvider.kernels().newInstance();
    private final int inputs;
    private final Standardizer standardizer;
    private final Standardizer former; // statistics before the last mini-batch
    private final float[] trueInputs; // [batchSize x inputs], in their unit

    ExampleScaling(int inputs, double rate, int batchSize) {
        this.inputs = inputs;
        standardizer = new Standardizer(inputs, rate);
        former = new Standardizer(inputs, rate);
        trueInputs = new float[batchSize * inputs];
    }

    @Override
    public void scale(MiniBatch batch) {
        former.copy(standardizer);
        System.arraycopy(batch.inputs, 0, trueInputs, 0, batch.rows() * inputs);
        standardizer.standardize(kernels, batch.inputs, batch.rows());
    }

    @Override
    public void undo(MiniBatch batch) {
        standardizer.copy(former);
        System.arraycopy(trueInputs, 0, batch.inputs, 0, batch.rows() * inputs);
    }

    @Override
    public double[] means() {
        return standardizer.means();
    }

    @Override
    public double[] variances() {
        return standardizer.variances();
    }

    @Override
    public void save(StateWriter out) {
        standardizer.save(out);
    }

    @Override
    public void restore(StateReader in, int saved) {
        standardizer.restore(in);
    }
}
