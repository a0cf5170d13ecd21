package io.millrace.nn.network;

import io.millrace.nn.layer.Block;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.OuterUpdate;
import io.millrace.nn.penalty.Penalty;
import java.util.List;

/**
 * The function that training minimises, {@code 1/rows sum_i weights[i] loss_i} plus the penalties: its value, its gradient and its
 * curvature on one mini-batch. Owns the memory of the passes. For one thread. Allocates nothing after construction, except for the first
 * product with the Hessian.
 */
final class Objective {
    private final Network network;
    private final Architecture architecture;
    private final Loss loss;
    private final List<Penalty> penalties;
    private final Block[] matrices; // the weight matrices, to which the penalties apply
    private final Workspace workspace;
    private final TrainingPass trainingPass;
    private final float[] trainingScores; // of the training pass, if it differs from that of evaluation; else null
    private final double[] sums; // [maxRows], scratch of the loss
    private HessianVectorProduct hessian; // null until the curvature is needed

    /**
     * @param seed seed of dropout
     * @param elsewhere whether the gradient is taken at other parameters than the evaluated ones
     */
    Objective(Network network, List<Penalty> penalties, int maxRows, long seed, boolean elsewhere) {
        this.network = network;
        this.architecture = network.architecture();
        this.loss = architecture.loss();
        this.penalties = penalties;
        this.matrices = network.matrices();
        this.workspace = network.workspace(maxRows);
        this.trainingPass = new TrainingPass(workspace, seed);
        this.sums = new double[maxRows];
        boolean apart = elsewhere || TrainingPass.differs(workspace.graph());
        this.trainingScores = apart ? new float[maxRows * architecture.outputs()] : null;
    }

    /** Whether the gradient uses the forward pass of evaluation, so that no second one is needed. */
    boolean hasOnePass() {
        return trainingScores == null;
    }

    /** Whether {@link #follow} is possible: an update with the gradient of one row, which is not written to memory. */
    boolean canFollow() {
        return hasOnePass() && penalties.isEmpty() && workspace.graph().writesOuterProducts();
    }

    Workspace workspace() {
        return workspace;
    }

    /** Losses and scores as a prediction on arrival would have given them; see {@link Trainer#evaluate}. */
    void evaluate(
            float[] parameters,
            float[] state,
            float[] inputs,
            float[] targets,
            int rows,
            float[] losses,
            float[] scores) {
        predict(parameters, state, inputs, rows);
        judge(targets, rows, losses, scores);
    }

    /** The forward pass of a prediction. */
    void predict(float[] parameters, float[] state, float[] inputs, int rows) {
        network.forward(parameters, state, inputs, rows, workspace);
    }

    /** Losses and scores of the last {@link #predict}. */
    void judge(float[] targets, int rows, float[] losses, float[] scores) {
        int outputs = architecture.outputs();
        int width = architecture.targetWidth();
        require("targets", targets, rows, width);
        require("losses", losses, rows, 1);
        require("scores", scores, rows, outputs);
        float[] logits = workspace.logits();
        int stride = workspace.logitsStride();
        loss.evaluate(workspace.pass().kernels(), rows, logits, stride, outputs, targets, scores, losses, sums);
    }

    /**
     * Computes the gradient at a point after an evaluation. If there is only one pass, the evaluation must have been at the same point.
     *
     * @param step number of updates so far, which determines the masks of dropout
     * @param scores scores of the evaluation
     * @param gradient {@code [parameterLength]}, overwritten
     * @return whether the gradient is small enough for an update; otherwise it is incomplete
     */
    boolean differentiate(
            float[] point,
            float[] state,
            float[] inputs,
            float[] targets,
            float[] weights,
            int rows,
            long step,
            float[] scores,
            float[] gradient) {
        require("weights", weights, rows, 1);
        if (!hasOnePass()) {
            trainingPass.forward(point, state, inputs, rows, step);
            int outputs = architecture.outputs();
            for (int i = 0; i < rows; i++) {
                loss.scores(workspace.logits(), i * workspace.logitsStride(), outputs, trainingScores, i * outputs);
            }
        }
        logitsGradient(targets, weights, rows, ofTraining(scores));
        if (!trainingPass.backward(gradient)) {
            return false;
        }
        for (int p = 0; p < penalties.size(); p++) { // by index: an iterator is an allocation
            for (Block matrix : matrices) {
                penalties.get(p).addGradient(point, gradient, matrix.offset(), matrix.end());
            }
        }
        return true;
    }

    /**
     * Updates the parameters with the gradient of one row after an evaluation, without writing the gradient to memory. Requires
     * {@link #canFollow}.
     *
     * @return whether the gradient was small enough; otherwise nothing has changed
     */
    boolean follow(float[] targets, float[] weights, float[] scores, OuterUpdate update) {
        require("weights", weights, 1, 1);
        logitsGradient(targets, weights, 1, scores);
        return trainingPass.backwardAndUpdate(update);
    }

    private float[] ofTraining(float[] scores) {
        return hasOnePass() ? scores : trainingScores;
    }

    private void logitsGradient(float[] targets, float[] weights, int rows, float[] scores) {
        int outputs = architecture.outputs();
        int width = architecture.targetWidth();
        float[] dz = trainingPass.gradients().logits().floats();
        int stride = workspace.logitsStride();
        for (int i = 0; i < rows; i++) {
            float scale = weights[i] / rows;
            loss.gradient(scores, i * outputs, outputs, targets, i * width, scale, dz, i * stride);
        }
    }

    /**
     * {@link #differentiate}, and {@code H v} at the same point.
     *
     * @param v vector in the layout of the parameters, with zero padding; may be the gradient
     * @param hv {@code [parameterLength]}, overwritten
     * @return whether the gradient is small enough for an update; otherwise the product is not valid
     */
    boolean multiplyByHessian(
            float[] point,
            float[] state,
            float[] inputs,
            float[] targets,
            float[] weights,
            int rows,
            long step,
            float[] scores,
            float[] gradient,
            float[] v,
            float[] hv) {
        if (hessian == null) { // before the passes, which then keep what it needs
            hessian = new HessianVectorProduct(workspace, trainingPass);
        }
        if (!differentiate(point, state, inputs, targets, weights, rows, step, scores, gradient)) {
            return false;
        }
        hessian.multiply(loss, weights, ofTraining(scores), v, hv);
        for (int p = 0; p < penalties.size(); p++) {
            for (Block matrix : matrices) {
                penalties.get(p).addHessianProduct(v, hv, matrix.offset(), matrix.end());
            }
        }
        return true;
    }

    /** Updates the state with the mini-batch of the last {@link #differentiate}. */
    void updateState() {
        trainingPass.updateState();
    }

    /** The sum of the penalties, which the objective adds to the mean loss. */
    double penalty(float[] parameters) {
        double sum = 0;
        for (Penalty penalty : penalties) {
            for (Block matrix : matrices) {
                sum += penalty.value(parameters, matrix.offset(), matrix.end());
            }
        }
        return sum;
    }

    private static void require(String what, float[] array, int rows, int width) {
        if (array.length < (long) rows * width) {
            throw new IllegalArgumentException("the " + what + " have " + array.length + " floats, but " + rows
                    + " rows of " + width + " need " + (long) rows * width);
        }
    }
}
