package io.millrace.learner.input;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Optional preprocessing of examples before the network: standardises features and scales regression targets. A mini-batch is scaled when it
 * closes, so that the statistics belong to a version of the weights. Allocates nothing after construction.
 */
public final class Preprocessing {
    private final int inputs;
    private final int targetWidth;
    private final Standardizer standardizer; // null: features enter as they are
    private final TargetScaler targetScaler; // null: targets enter as they are
    private final float[] trueTargets; // [batchSize x targetWidth], in their unit; null without scaler
    private final double[] scratch; // [inputs]; null without standardizer
    private final float[] trueInputs; // [batchSize x inputs], in their unit; null without standardizer
    private final Standardizer formerFeatures; // statistics before the last mini-batch; null without standardizer
    private final Standardizer formerTargets; // the same of targets; null without scaler

    public Preprocessing(LearnerSpec spec) {
        inputs = spec.architecture().inputs();
        targetWidth = spec.targetWidth();
        standardizer = spec.standardizeFeatures() ? new Standardizer(inputs, spec.standardizeRate()) : null;
        targetScaler = spec.standardizeTargets() ? new TargetScaler(targetWidth, spec.rules()) : null;
        trueTargets = targetScaler == null ? null : new float[spec.batchSize() * targetWidth];
        scratch = standardizer == null ? null : new double[inputs];
        trueInputs = standardizer == null ? null : new float[spec.batchSize() * inputs];
        formerFeatures = standardizer == null ? null : new Standardizer(inputs, spec.standardizeRate());
        formerTargets = targetScaler == null ? null : new Standardizer(targetWidth, 0);
    }

    /**
     * Scales a mini-batch in place. Each row's features are scaled by the statistics of all rows up to and including it, targets by the
     * statistics of all rows up to the last of the batch. {@link #undo} reverses this.
     */
    public void scale(MiniBatch batch) {
        if (standardizer != null) {
            formerFeatures.copy(standardizer);
            System.arraycopy(batch.inputs, 0, trueInputs, 0, batch.rows() * inputs);
            for (int row = 0; row < batch.rows(); row++) {
                standardizer.standardize(batch.inputs, row * inputs);
            }
        }
        if (targetScaler != null) {
            scaleTargets(batch);
        }
    }

    /** Reverses the last {@link #scale}: restores examples and statistics. */
    public void undo(MiniBatch batch) {
        if (standardizer != null) {
            standardizer.copy(formerFeatures);
            System.arraycopy(trueInputs, 0, batch.inputs, 0, batch.rows() * inputs);
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

    /** Scales the features of one row in place as a prediction does, without changing the statistics. */
    public void scaleForPrediction(float[] features) {
        if (standardizer != null) {
            Standardizer.scale(features, standardizer.means(), standardizer.variances(), scratch);
        }
    }

    /** Makes the evaluation of the next mini-batch use the statistics of all targets scaled so far. */
    public void refresh() {
        if (targetScaler != null) {
            targetScaler.refresh();
        }
    }

    /** Statistics of the features; null: features enter as they are. */
    public Standardizer features() {
        return standardizer;
    }

    /** The scaler of the targets; null: targets enter as they are. */
    public TargetScaler targets() {
        return targetScaler;
    }

    public void save(StateWriter out) {
        if (standardizer != null) {
            standardizer.save(out);
        }
        if (targetScaler != null) {
            targetScaler.save(out);
        }
    }

    public void restore(StateReader in) {
        if (standardizer != null) {
            standardizer.restore(in);
        }
        if (targetScaler != null) {
            targetScaler.restore(in);
        }
    }
}
