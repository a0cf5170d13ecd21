package io.millrace.learner.network;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.Predictor;
import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RowCheck;
import io.millrace.learner.input.RowScaler;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Workspace;

/** Predicts with one version of a network. */
public final class NetworkPredictor implements Predictor {
    private final NetworkModel model;
    private final Network network;
    private final float[] parameters;
    private final float[] state;
    private final Memory memory;

    /**
     * @param model the model
     * @throws IllegalArgumentException when its arrays or classes do not fit its architecture
     */
    public NetworkPredictor(NetworkModel model) {
        this.model = model;
        Architecture architecture = model.architecture();
        network = new Network(architecture, KernelsProvider.kernels());
        model.task().require(architecture, model.classes());
        requireStatistics("features", architecture.inputs(), model.featureMeans(), model.featureVariances());
        requireStatistics("targets", architecture.outputs(), model.targetMeans(), model.targetVariances());
        if (model.parameters().length != network.parameterCount()) {
            throw new IllegalArgumentException("the model has " + model.parameters().length + " parameters, its"
                    + " architecture " + network.parameterCount());
        }
        if (model.state().length != network.stateCount()) {
            throw new IllegalArgumentException("the model has " + model.state().length + " running averages, its"
                    + " architecture " + network.stateCount());
        }
        parameters = new float[network.parameterLength()];
        network.fromCanonical(model.parameters(), parameters);
        state = new float[network.stateLength()];
        network.stateFromCanonical(model.state(), state);
        memory = new Memory(model, network);
    }

    private NetworkPredictor(NetworkPredictor other) {
        model = other.model;
        network = other.network;
        parameters = other.parameters;
        state = other.state;
        memory = new Memory(model, network);
    }

    /** Takes as much memory as one row. */
    @Override
    public NetworkPredictor forAnotherThread() {
        return new NetworkPredictor(this);
    }

    private static void requireStatistics(String what, int width, double[] means, double[] variances) {
        if (means.length != variances.length || means.length != 0 && means.length != width) {
            throw new IllegalArgumentException("the model has " + means.length + " means and " + variances.length
                    + " variances of its " + width + " " + what);
        }
    }

    @Override
    public NetworkModel model() {
        return model;
    }

    @Override
    public void predict(InputRow row, float[] scores) {
        Memory m = memory;
        m.rows.check(row);
        if (model.declaration() != null) {
            m.tokens.clear();
            m.tokens.add(row.ids(), row.ends());
        }
        m.scaler.scale(row, model.featureMeans(), model.featureVariances(), m.inputs);
        network.forward(parameters, state, m.inputs, 1, m.workspace);
        model.architecture().loss().scores(m.workspace.logits(), 0, m.outputs.length, m.outputs, 0);
        link(m.outputs, scores);
        for (int k = 0; k < model.scores(); k++) {
            if (!Float.isFinite(scores[k])) {
                throw new BadInputException(
                        BadInputCause.OVERFLOW,
                        "score " + k + " is " + scores[k]
                                + ": the features are too large for this version of the model");
            }
        }
    }

    /** {@link #predict(InputRow, float[])} with the features of an {@code Example}. */
    public void predict(float[] features, float[] scores) {
        predict(memory.example.features(features), scores);
    }

    private void link(float[] outputs, float[] scores) {
        if (model.task() == Task.CLASSIFICATION && outputs.length == 1) {
            scores[0] = 1 - outputs[0];
            scores[1] = outputs[0];
        } else if (model.targetMeans().length > 0) {
            for (int k = 0; k < outputs.length; k++) {
                double deviation =
                        Math.sqrt(model.targetVariances()[k]); // 0: the target has always been equal to its mean
                scores[k] = (float) TargetScaler.unscale(outputs[k], model.targetMeans()[k], deviation);
            }
        } else {
            System.arraycopy(outputs, 0, scores, 0, outputs.length);
        }
    }

    /** What one thread needs for a prediction. */
    private static final class Memory {
        private final Workspace workspace;
        private final float[] inputs;
        private final float[] outputs;
        private final RowScaler scaler;
        private final Tokens tokens; // of one row
        private final RowCheck rows;
        private final InputRow example = new InputRow();

        Memory(NetworkModel model, Network network) {
            Architecture architecture = model.architecture();
            workspace = network.workspace(1);
            inputs = new float[architecture.inputs()];
            outputs = new float[architecture.outputs()];
            Shape sequence = LearnerSpec.sequence(architecture, model.declaration());
            scaler = new RowScaler(inputs.length, sequence != null);
            tokens = new Tokens(1, architecture.tables().size());
            workspace.tokens(tokens);
            InputLayout layout = model.declaration() == null
                    ? null
                    : model.declaration().features().layout();
            rows = new RowCheck(layout, inputs.length, sequence);
        }
    }
}
