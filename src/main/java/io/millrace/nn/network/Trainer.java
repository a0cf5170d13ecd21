package io.millrace.nn.network;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.GradientNorm;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.OuterUpdate;
import io.millrace.nn.penalty.Penalty;
import java.util.List;

/**
 * One learner: parameters, moments, state and step counter, and the memory to move them by mini-batches. What a checkpoint must
 * save is {@link #parameters()}, {@link #moments()}, {@link #state()} and {@link #steps()}; all else is overwritten by each step.
 * For one thread.
 *
 * <p>Losses and scores are always those of evaluation, as a prediction on arrival would have given them. Where training computes
 * something else (batch normalisation, dropout, or an optimizer that looks ahead), it makes a second forward pass.
 *
 * <p>{@link #step}, {@link #evaluate} and {@link #computeGradient} allocate nothing.
 */
public final class Trainer {
    private final Network network;
    private final Optimizer optimizer;
    private final Clipping clipping;
    private final Objective objective;
    private final float[] parameters;
    private final float[] gradient;
    private final float[][] moments;
    private final float[] state;
    private final float[] ahead; // where an optimizer that looks ahead takes its gradient; else null
    private float[] product; // of the Hessian with a vector; null until somebody asks for the curvature
    private final OuterUpdate outerUpdate; // of steps of one row that need no gradient but to follow it; else null
    private long steps;
    private double gradientNorm = Double.NaN;
    private double lossLimit = Double.POSITIVE_INFINITY;
    private double meanLoss = Double.NaN;

    /**
     * A learner without penalties and clipping, with the dropout of seed 0; see
     * {@link #Trainer(Network, Optimizer, List, Clipping, int, long)}.
     *
     * @param maxRows the largest mini-batch
     */
    public Trainer(Network network, Optimizer optimizer, int maxRows) {
        this(network, optimizer, List.of(), Clipping.NONE, maxRows, 0);
    }

    /**
     * A learner whose parameters and moments are zero: initialise or restore them through {@link #parameters()}. Its state is as
     * {@link Network#initializeState} leaves it.
     *
     * @param penalties that the objective adds to the loss
     * @param clipping of the objective's gradient
     * @param maxRows the largest mini-batch
     * @param seed of what dropout drops, which follows from it, {@link #steps()}, layer, row and input; any number without dropout
     */
    public Trainer(
            Network network, Optimizer optimizer, List<Penalty> penalties, Clipping clipping, int maxRows, long seed) {
        this.network = network;
        this.optimizer = optimizer;
        this.clipping = clipping;
        this.objective = new Objective(network, List.copyOf(penalties), maxRows, seed, optimizer.looksAhead());
        this.parameters = new float[network.parameterLength()];
        this.gradient = new float[network.parameterLength()];
        this.moments = new float[optimizer.moments()][network.parameterLength()];
        this.state = new float[network.stateLength()];
        network.initializeState(state);
        this.ahead = optimizer.looksAhead() ? new float[network.parameterLength()] : null;
        boolean plain = clipping.equals(Clipping.NONE) && optimizer.weightDecay() == 0;
        // C2 vectorises the two loops of plain Java, and not one that does both
        boolean fused = plain && objective.canFollow() && kernels().lanes() > 1;
        this.outerUpdate = fused ? optimizer.outerUpdate(moments) : null;
    }

    private Kernels kernels() {
        return objective.workspace().pass().kernels();
    }

    /** The network that this trains. */
    public Network network() {
        return network;
    }

    /** What moves the parameters. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The live parameters, padded: read them, copy them, write them between steps; {@link Network} knows the layout. */
    public float[] parameters() {
        return parameters;
    }

    /** The live moments of the optimizer, each laid out as the parameters. */
    public float[][] moments() {
        return moments;
    }

    /** The live state of the network, padded; empty without batch normalisation. {@link Network} knows its canonical layout. */
    public float[] state() {
        return state;
    }

    /**
     * The gradient that {@link #computeGradient} or the last step found, laid out as the parameters. A step of one row that needs it
     * for no norm, clipping or penalty follows it without writing it here.
     */
    public float[] gradient() {
        return gradient;
    }

    /** Updates made so far. */
    public long steps() {
        return steps;
    }

    /** Restores the counter of updates, on which the bias correction of some optimizers and the masks of dropout depend. */
    public void steps(long restored) {
        if (restored < 0) {
            throw new IllegalArgumentException("the number of steps is " + restored + ": give at least 0");
        }
        steps = restored;
    }

    /**
     * Test, then train, on one mini-batch: losses and scores come from the parameters and the state as they are, and then one optimizer step
     * follows the gradient of the objective, {@code 1/rows sum_i weights[i] loss_i} and the penalties. If it throws or is refused, parameters,
     * moments, state and counter are as before, and losses and scores may not be finite.
     *
     * @param inputs {@code [rows x inputs]}, row-major
     * @param targets {@code [rows x targetWidth]}
     * @param weights {@code [rows]}, one for an ordinary example
     * @param rows {@code 1..maxRows}
     * @param losses {@code [rows]}, overwritten with the unweighted losses
     * @param scores {@code [rows x outputs]}, overwritten
     * @param wantGradientNorm whether to compute {@link #gradientNorm()}, which costs a pass over the gradient
     * @return whether the step was taken, or why it was not
     * @throws IllegalArgumentException if an array is too short, there are too many rows or a target is none of the loss
     */
    public StepOutcome step(
            float[] inputs,
            float[] targets,
            float[] weights,
            int rows,
            float learningRate,
            float[] losses,
            float[] scores,
            boolean wantGradientNorm) {
        gradientNorm = Double.NaN;
        if (steps % Magnitudes.LOOK_EVERY == 0
                && !(kernels().largestMagnitude(parameters, parameters.length) <= Magnitudes.WEIGHT)) {
            return StepOutcome.WEIGHTS_TOO_LARGE;
        }
        evaluate(inputs, targets, rows, losses, scores);
        meanLoss = mean(losses, rows);
        if (!(meanLoss <= Double.MAX_VALUE)) {
            return StepOutcome.LOSS_NOT_FINITE;
        }
        if (meanLoss > lossLimit) {
            return StepOutcome.LOSS_TOO_LARGE;
        }
        boolean taken = rows == 1 && outerUpdate != null && !wantGradientNorm
                ? updateByOneRow(targets, weights, learningRate, scores)
                : update(inputs, targets, weights, rows, learningRate, scores, wantGradientNorm);
        if (!taken) {
            return StepOutcome.GRADIENT_TOO_LARGE;
        }
        objective.updateState();
        steps++;
        return StepOutcome.TAKEN;
    }

    private boolean updateByOneRow(float[] targets, float[] weights, float learningRate, float[] scores) {
        outerUpdate.begin(learningRate, steps + 1);
        return objective.follow(targets, weights, scores, outerUpdate);
    }

    private boolean update(
            float[] inputs,
            float[] targets,
            float[] weights,
            int rows,
            float learningRate,
            float[] scores,
            boolean wantGradientNorm) {
        if (!gradientOfStep(inputs, targets, weights, rows, scores)) {
            return false;
        }
        if (wantGradientNorm || clipping.needsNorm()) {
            gradientNorm = GradientNorm.of(gradient);
        }
        clipping.clip(gradient, gradientNorm);
        decayWeights(learningRate);
        optimizer.update(parameters, gradient, moments, 0, parameters.length, learningRate, steps + 1);
        return true;
    }

    private static double mean(float[] losses, int rows) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += losses[i];
        }
        return sum / rows;
    }

    /** Mean loss of the mini-batch above which a step is refused; infinite at first. */
    public void lossLimit(double limit) {
        lossLimit = limit;
    }

    /** Mean of the losses of the last {@link #step} that came to evaluate them. */
    public double meanLoss() {
        return meanLoss;
    }

    /**
     * {@link #step} without clipping and update: leaves {@link #gradient()} and changes nothing that is saved. An optimizer that
     * looks ahead has its gradient taken there, while losses and scores are still those of the parameters.
     *
     * @return whether the gradient is small enough to be followed; else it is incomplete
     */
    public boolean computeGradient(
            float[] inputs, float[] targets, float[] weights, int rows, float[] losses, float[] scores) {
        evaluate(inputs, targets, rows, losses, scores);
        return gradientOfStep(inputs, targets, weights, rows, scores);
    }

    private boolean gradientOfStep(float[] inputs, float[] targets, float[] weights, int rows, float[] scores) {
        float[] point = parameters;
        if (ahead != null) {
            optimizer.lookAhead(parameters, moments, ahead);
            point = ahead;
        }
        return objective.differentiate(point, state, inputs, targets, weights, rows, steps, scores, gradient);
    }

    /**
     * How the objective bends along its gradient, on one mini-batch; both are taken at the parameters, before clipping, with the masks of
     * dropout and the statistics of batch normalisation that the next {@link #step} will have, even if that looks ahead. Overwrites
     * {@link #gradient()} and changes nothing that is saved. Costs up to three times a step ({@link HessianVectorProduct}).
     * Its memory, 1.5 times that of the passes and one array of the parameters' length, is taken with the first call.
     *
     * @param inputs as the other arguments: see {@link #step}
     */
    public Curvature curvature(
            float[] inputs, float[] targets, float[] weights, int rows, float[] losses, float[] scores) {
        if (product == null) {
            product = new float[parameters.length];
        }
        boolean finite = multiplyByHessian(inputs, targets, weights, rows, losses, scores, gradient, product);
        return finite ? Curvature.of(gradient, product) : Curvature.UNKNOWN;
    }

    /**
     * {@code H v} for the Hessian of the objective at the parameters, and {@link #gradient()}, both as {@link #curvature} has them. Allocates
     * in the first call alone.
     *
     * @param v laid out as the parameters, its padding zero; may be {@link #gradient()}
     * @param hv {@code [parameterLength]}, overwritten
     * @return whether the gradient is small enough to be followed; else the product is none
     */
    boolean multiplyByHessian(
            float[] inputs,
            float[] targets,
            float[] weights,
            int rows,
            float[] losses,
            float[] scores,
            float[] v,
            float[] hv) {
        evaluate(inputs, targets, rows, losses, scores);
        return objective.multiplyByHessian(
                parameters, state, inputs, targets, weights, rows, steps, scores, gradient, v, hv);
    }

    private void decayWeights(float learningRate) {
        double decay = optimizer.weightDecay();
        if (decay == 0) {
            return;
        }
        for (Block matrix : network.matrices()) {
            decay(parameters, matrix.offset(), matrix.end(), (float) (-learningRate * decay));
        }
    }

    private static void decay(float[] w, int from, int to, float factor) {
        for (int i = from; i < to; i++) {
            w[i] = Math.fma(factor, w[i], w[i]);
        }
    }

    /** What the penalties add to the mean loss in the objective, at the parameters as they are. */
    public double penalty() {
        return objective.penalty(parameters);
    }

    /** {@link #step} without gradient and update: losses and scores of the parameters as they are. */
    public void evaluate(float[] inputs, float[] targets, int rows, float[] losses, float[] scores) {
        objective.evaluate(parameters, state, inputs, targets, rows, losses, scores);
    }

    /** L2 norm of the objective's gradient in the last {@link #step}, before clipping; NaN if neither asked for nor needed. */
    public double gradientNorm() {
        return gradientNorm;
    }
}
