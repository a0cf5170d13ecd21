package io.millrace.learner.network;

import io.millrace.learner.Predictor;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.FeatureCheck;
import io.millrace.learner.input.Standardizer;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Workspace;

/** Predicts with one version of a network. */
public final class NetworkPredictor implements Predictor {
    private final NetworkModel model;
    private final Network network;
    private final float[] parameters;
    private final float[] state;
    private final Workspace workspace;
    private final float[] inputs;
    private final double[] scratch; // [inputs]
    private final float[] outputs;

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
        workspace = network.workspace(1);
        inputs = new float[architecture.inputs()];
        scratch = new double[inputs.length];
        outputs = new float[architecture.outputs()];
    }

    private NetworkPredictor(NetworkPredictor other) {
        model = other.model;
        network = other.network;
        parameters = other.parameters;
        state = other.state;
        workspace = network.workspace(1);
        inputs = new float[other.inputs.length];
        scratch = new double[inputs.length];
        outputs = new float[other.outputs.length];
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
    public void predict(float[] features, float[] scores) {
        FeatureCheck.check(features, inputs.length);
        System.arraycopy(features, 0, inputs, 0, inputs.length);
        if (model.featureMeans().length > 0) {
            Standardizer.scale(inputs, model.featureMeans(), model.featureVariances(), scratch);
        }
        network.forward(parameters, state, inputs, 1, workspace);
        model.architecture().loss().scores(workspace.logits(), 0, outputs.length, outputs, 0);
        link(outputs, scores);
        for (int k = 0; k < model.scores(); k++) {
            if (!Float.isFinite(scores[k])) {
                throw new BadInputException("score " + k + " is " + scores[k]
                        + ": the features are too large for this version of the model");
            }
        }
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
}
