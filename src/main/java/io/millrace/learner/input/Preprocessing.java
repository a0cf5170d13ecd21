package io.millrace.learner.input;

import io.millrace.feature.InputRow;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.layer.Shape;

/**
 * Optional preprocessing of examples before the network: standardises features and scales regression targets. A mini-batch is scaled when it
 * closes, so that the statistics belong to a version of the weights. Allocates nothing after construction.
 */
public final class Preprocessing {
    private static final double[] NONE = {};

    private final int targetWidth;
    private final FeatureScaling features; // null: features enter as they are
    private final TargetScaler targetScaler; // null: targets enter as they are
    private final float[] trueTargets; // [batchSize x targetWidth], in their unit; null without scaler
    private final RowScaler rowScaler;
    private final Standardizer formerTargets; // statistics before the last mini-batch; null without scaler

    public Preprocessing(LearnerSpec spec) {
        int inputs = spec.architecture().inputs();
        targetWidth = spec.targetWidth();
        features = features(spec, inputs);
        targetScaler = spec.standardizeTargets() ? new TargetScaler(targetWidth, spec.rules()) : null;
        trueTargets = targetScaler == null ? null : new float[spec.batchSize() * targetWidth];
        rowScaler = new RowScaler(inputs, spec.sequence() != null);
        formerTargets = targetScaler == null ? null : new Standardizer(targetWidth, 0);
    }

    private static FeatureScaling features(LearnerSpec spec, int inputs) {
        Shape sequence = spec.sequence();
        double rate = spec.standardizeRate();
        if (spec.layout() != null) {
            return new NumberScaling(spec.layout(), spec.standardizeFeatures(), rate, sequence != null);
        }
        if (!spec.standardizeFeatures()) {
            return null;
        }
        return sequence == null
                ? new ExampleScaling(inputs, rate, spec.batchSize())
                : new SequenceScaling(sequence, rate, spec.batchSize());
    }

    /**
     * Scales a mini-batch. Each row's features are scaled by the statistics of all rows up to and including it, targets by the
     * statistics of all rows up to the last of the batch. {@link #undo} reverses this.
     */
    public void scale(MiniBatch batch) {
        if (features != null) {
            features.scale(batch);
        }
        if (targetScaler != null) {
            scaleTargets(batch);
        }
    }

    /** Reverses the last {@link #scale}: restores examples and statistics. */
    public void undo(MiniBatch batch) {
        if (features != null) {
            features.undo(batch);
        }
        if (targetScaler != null) {
            targetScaler.statistics().copy(formerTargets);
            System.arraycopy(trueTargets, 0, batch.targets, 0, batch.rows() * targetWidth);
        }
    }

    private void scaleTargets(MiniBatch batch) {
        formerTargets.copy(targetScaler.statistics());
        System.arraycopy(batch.targets, 0, trueTargets, 0, batch.rows() * targetWidth);
        for (int row = 0; row < batch.rows(); row++) {
            targetScaler.update(trueTargets, row * targetWidth);
        }
        for (int row = 0; row < batch.rows(); row++) {
            for (int k = 0; k < targetWidth; k++) {
                int i = row * targetWidth + k;
                batch.targets[i] = targetScaler.scale(trueTargets[i], k);
            }
        }
    }

    /** Targets of the last scaled mini-batch, in their unit. */
    public float[] trueTargets(MiniBatch batch) {
        return targetScaler == null ? batch.targets : trueTargets;
    }

    /**
     * Scales the features of one row as a prediction does, without changing the statistics.
     *
     * @param inputs {@code [inputs]}, overwritten
     */
    public void scaleForPrediction(InputRow row, float[] inputs) {
        rowScaler.scale(row, featureMeans(), featureVariances(), inputs);
    }

    /** Makes the evaluation of the next mini-batch use the statistics of all targets scaled so far. */
    public void refresh() {
        if (targetScaler != null) {
            targetScaler.refresh();
        }
    }

    /** Means of the features, live; empty: features enter as they are. */
    public double[] featureMeans() {
        return features == null ? NONE : features.means();
    }

    /** Variances of the features, live; empty: features enter as they are. */
    public double[] featureVariances() {
        return features == null ? NONE : features.variances();
    }

    /** The scaler of the targets; null: targets enter as they are. */
    public TargetScaler targets() {
        return targetScaler;
    }

    /** Writes what is known of the steps of a sequence beyond {@link #save}. */
    public void saveSteps(StateWriter out) {
        if (features != null) {
            features.saveSteps(out);
        }
    }

    /** Reads what {@link #saveSteps} wrote. */
    public void restoreSteps(StateReader in) {
        if (features != null) {
            features.restoreSteps(in);
        }
    }

    public void save(StateWriter out) {
        if (features != null) {
            features.save(out);
        }
        if (targetScaler != null) {
            targetScaler.save(out);
        }
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param inputs number of inputs then. Those behind them are new, and have no statistics yet
     */
    public void restore(StateReader in, int inputs) {
        if (features != null) {
            features.restore(in, inputs);
        }
        if (targetScaler != null) {
            targetScaler.restore(in);
        }
    }
}
