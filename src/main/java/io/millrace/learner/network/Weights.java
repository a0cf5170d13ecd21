package io.millrace.learner.network;

import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.evaluation.RunningMeans;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;
import java.util.Arrays;

/**
 * A copy of one version of a learner: everything that a {@link NetworkModel} needs, and the evaluation up to that version. Its arrays are as
 * large as the parameters and the statistics. The next copy uses them again, so it allocates nothing, and copies only those rows of tables
 * that have changed.
 */
final class Weights {
    private final LearnerSpec spec;
    private final Network network;
    private final float[] parameters; // canonical
    private final float[] state; // canonical
    private final double[] featureMeans; // empty: features are not standardised
    private final double[] featureVariances;
    private final double[] targetMeans; // empty: targets are not standardised
    private final double[] targetVariances;
    private final RunningMeans total = new RunningMeans(ExampleMetrics.QUANTITIES, 1);
    private long version;
    private long nextPosition;
    private long copied = Trainer.NO_COPY; // what the last copy of the trainer's parameters returned

    Weights(LearnerSpec spec, Network network) {
        this.spec = spec;
        this.network = network;
        parameters = new float[network.parameterCount()];
        state = new float[network.stateCount()];
        int features = spec.standardizeFeatures() ? spec.architecture().inputs() : 0;
        featureMeans = new double[features];
        featureVariances = new double[features];
        int targets = spec.standardizeTargets() ? spec.targetWidth() : 0;
        targetMeans = new double[targets];
        targetVariances = new double[targets];
    }

    /** Copies the learner as it is now, always the same one. */
    void copy(Trainer trainer, Preprocessing preprocessing, RunningMeans evaluated, long learned, long position) {
        copied = trainer.copyParameters(parameters, copied);
        network.stateToCanonical(trainer.state(), state);
        copy(preprocessing.featureMeans(), featureMeans);
        copy(preprocessing.featureVariances(), featureVariances);
        if (preprocessing.targets() != null) {
            copy(preprocessing.targets().statistics().means(), targetMeans);
            copy(preprocessing.targets().statistics().variances(), targetVariances);
        }
        total.copy(evaluated);
        version = learned;
        nextPosition = position;
    }

    /** Restores these weights in a trainer and sets its moments to zero. The trainer keeps its number of steps. */
    void putBack(Trainer trainer) {
        network.fromCanonical(parameters, trainer.parameters());
        trainer.parametersReplaced();
        network.stateFromCanonical(state, trainer.state());
        for (float[] moment : trainer.moments()) {
            Arrays.fill(moment, 0f);
        }
    }

    /** Copies other weights of the same specification. */
    void copy(Weights other) {
        System.arraycopy(other.parameters, 0, parameters, 0, parameters.length);
        copied = Trainer.NO_COPY;
        System.arraycopy(other.state, 0, state, 0, state.length);
        System.arraycopy(other.featureMeans, 0, featureMeans, 0, featureMeans.length);
        System.arraycopy(other.featureVariances, 0, featureVariances, 0, featureVariances.length);
        System.arraycopy(other.targetMeans, 0, targetMeans, 0, targetMeans.length);
        System.arraycopy(other.targetVariances, 0, targetVariances, 0, targetVariances.length);
        total.copy(other.total);
        version = other.version;
        nextPosition = other.nextPosition;
    }

    private static void copy(double[] from, double[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }

    /** Number of examples that these weights have learned. */
    long version() {
        return version;
    }

    /** {@code Learner.nextPosition} at the time of the copy; -1 when it is not known. */
    long nextPosition() {
        return nextPosition;
    }

    /** Sets the position, which is not part of {@link #save}. */
    void nextPosition(long position) {
        nextPosition = position;
    }

    /** Means of the prequential evaluation up to this version. */
    RunningMeans total() {
        return total;
    }

    /** A model that shares the arrays of these weights, so the next copy changes it. */
    NetworkModel model() {
        return new NetworkModel(
                spec.architecture(),
                spec.task(),
                spec.classes(),
                version,
                parameters,
                state,
                featureMeans,
                featureVariances,
                targetMeans,
                targetVariances,
                spec.declaration());
    }

    void save(StateWriter out) {
        out.putLong(version);
        total.save(out);
        out.putFloats(parameters, parameters.length);
        out.putFloats(state, state.length);
        out.putDoubles(featureMeans);
        out.putDoubles(featureVariances);
        out.putDoubles(targetMeans);
        out.putDoubles(targetVariances);
    }

    void restore(StateReader in, SavedShape shape) {
        version = in.getCount();
        total.restore(in);
        shape.read(in, parameters);
        copied = Trainer.NO_COPY;
        in.getFloats(state, state.length);
        int saved = Math.min(featureMeans.length, shape.inputs()); // 0: features are not standardised
        in.getDoubles(featureMeans, saved);
        in.getDoubles(featureVariances, saved);
        in.getDoubles(targetMeans);
        in.getDoubles(targetVariances);
    }
}
