package io.millrace.nn.network;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.GradientNorm;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.OuterUpdate;
import io.millrace.nn.optimizer.Ranges;
import io.millrace.nn.penalty.Penalty;
import java.util.List;

/**
 * Trains one network: holds the parameters, moments, state and step counter, and the memory for steps on mini-batches. A checkpoint must
 * save {@link #parameters()}, {@link #moments()}, {@link #state()} and {@link #steps()}; each step overwrites everything else.
 * For one thread.
 *
 * <p>Losses and scores are always those of evaluation, as a prediction on arrival would have given them. Where training computes
 * something else (batch normalisation, dropout, or an optimizer that looks ahead), it makes a second forward pass.
 *
 * <p>{@link #step}, {@link #evaluate} and {@link #computeGradient} allocate nothing.
 */
public final class Trainer {
    /** Stands for the former copy where there was none. */
    public static final long NO_COPY = -1;

    private final Network network;
    private final Optimizer optimizer;
    private final Clipping clipping;
    private final Objective objective;
    private final float[] parameters;
    private final float[] gradient;
    private final float[][] moments;
    private final float[] state;
    private final SparseSteps sparse;
    private final float[] ahead; // where an optimizer that looks ahead takes its gradient; else null
    private float[] product; // of the Hessian with a vector; null until the curvature is needed
    private final OuterUpdate outerUpdate; // for steps of one row that use the gradient only for the update; else null
    private long steps;
    private double gradientNorm = Double.NaN;
    private double lossLimit = Double.POSITIVE_INFINITY;
    private double meanLoss = Double.NaN;

    /**
     * A trainer without penalties and clipping, with dropout of seed 0; see
     * {@link #Trainer(Network, Optimizer, List, Clipping, int, long)}.
     *
     * @param maxRows the largest mini-batch
     */
    public Trainer(Network network, Optimizer optimizer, int maxRows) {
        this(network, optimizer, List.of(), Clipping.NONE, maxRows, 0);
    }

    /**
     * A trainer whose parameters and moments are zero: initialise or restore them through {@link #parameters()}. The state has the values
     * of {@link Network#initializeState}.
     *
     * @param penalties penalties that the objective adds to the loss
     * @param clipping clipping of the objective's gradient
     * @param maxRows the largest mini-batch
     * @param seed seed of dropout, which depends on it, {@link #steps()}, layer, row and input; any number without dropout
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
        this.sparse = new SparseSteps(network);
        this.ahead = optimizer.looksAhead() ? new float[network.parameterLength()] : null;
        boolean plain = clipping.equals(Clipping.NONE) && optimizer.weightDecay() == 0;
        // in plain Java C2 vectorises two separate loops, but not one loop that does both
        boolean fused = plain && objective.canFollow() && kernels().lanes() > 1;
        this.outerUpdate = fused ? optimizer.outerUpdate(moments) : null;
    }

    private Kernels kernels() {
        return objective.workspace().pass().kernels();
    }

    /** Makes what explains predictions of the network, for the thread of this trainer. */
    public Saliency saliency() {
        return new Saliency(network, kernels());
    }

    /** The network that is trained. */
    public Network network() {
        return network;
    }

    /** The optimizer, which updates the parameters. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The live parameters, padded: read them, copy them, write them between steps; {@link Network} knows the layout. */
    public float[] parameters() {
        return parameters;
    }

    /**
     * Copies the parameters to the canonical layout. Of embedding tables it copies only the rows that may have changed since the former copy to
     * the same array, so that a large table costs no time here either.
     *
     * @param canonical {@code [parameterCount]}; the result of the former copy
     * @param former what that copy returned; {@value #NO_COPY} to copy everything
     * @return a number for the next copy
     */
    public long copyParameters(float[] canonical, long former) {
        Layout layout = network.layout();
        ChangedRows changed = sparse.changed();
        if (changed.knowsSince(former)) {
            layout.toCanonical(parameters, 0, layout.denseCount(), canonical, 0);
            for (long i = former; i < changed.mark(); i++) {
                layout.rowToCanonical(parameters, changed.get(i), canonical);
            }
        } else {
            network.toCanonical(parameters, canonical);
        }
        return changed.mark();
    }

    /**
     * Copies the rows of tables that the last {@link #step} has changed, if it met several rows or the network has embedding tables.
     *
     * @param padded {@code [parameterLength]}
     */
    public void copyMetRows(float[] padded) {
        Ranges ranges = sparse.ranges();
        for (int i = 1; i < ranges.size(); i++) {
            int from = ranges.from(i);
            System.arraycopy(parameters, from, padded, from, ranges.to(i) - from);
        }
    }

    /** To be called after parameters were written between steps: the next {@link #copyParameters} copies everything. */
    public void parametersReplaced() {
        sparse.changed().addAll();
    }

    /** The live moments of the optimizer, each in the layout of the parameters. */
    public float[][] moments() {
        return moments;
    }

    /**
     * Sets the tokens of the rows of all later calls, for networks with embedding tables. The caller changes their content, so that they
     * belong to the inputs of each call.
     */
    public void tokens(Tokens tokens) {
        objective.workspace().tokens(tokens);
    }

    /** The live state of the network, padded; empty without batch normalisation. {@link Network} knows its canonical layout. */
    public float[] state() {
        return state;
    }

    /**
     * The gradient of {@link #computeGradient} or of the last step, in the layout of the parameters. A step of one row without norm, clipping
     * and penalties does not write it here.
     */
    public float[] gradient() {
        return gradient;
    }

    /** Number of updates so far. */
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
     * Test-then-train on one mini-batch. First computes losses and scores with the current parameters and state. Then makes one optimizer step
     * with the gradient of the objective, {@code 1/rows sum_i weights[i] loss_i} plus the penalties. If the method throws or refuses the step,
     * parameters, moments, state and counter do not change, and losses and scores may not be finite.
     *
     * @param inputs {@code [rows x inputs]}, row-major
     * @param targets {@code [rows x targetWidth]}
     * @param weights {@code [rows]}, one for an ordinary example
     * @param rows {@code 1..maxRows}
     * @param losses {@code [rows]}, overwritten with the unweighted losses
     * @param scores {@code [rows x outputs]}, overwritten
     * @param wantGradientNorm whether to compute {@link #gradientNorm()}, which costs a pass over the gradient
     * @return whether the step was taken, or why it was refused
     * @throws IllegalArgumentException if an array is too short, there are too many rows or a target does not fit the loss
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
        predict(inputs, rows);
        return learn(inputs, targets, weights, rows, learningRate, losses, scores, wantGradientNorm);
    }

    /**
     * The forward pass of a prediction with the current parameters and state, into {@link #logits()}.
     *
     * @param inputs {@code [rows x inputs]}, row-major
     * @param rows {@code 1..maxRows}
     */
    public void predict(float[] inputs, int rows) {
        objective.predict(parameters, state, inputs, rows);
    }

    /** The logits of the last {@link #predict}, the live array: row {@code i} starts at {@code i * logitsStride()}. */
    public float[] logits() {
        return objective.workspace().logits();
    }

    /** Distance between rows of {@link #logits()}, in floats. */
    public int logitsStride() {
        return objective.workspace().logitsStride();
    }

    /**
     * The rest of a {@link #step}, with the pass of the {@link #predict} right before it. For examples that are predicted when they arrive and
     * learned at once, so that there is one forward pass.
     *
     * @param inputs those of the prediction, unchanged; this and the other arguments: see {@link #step}
     */
    public StepOutcome learn(
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
                && !(kernels().largestMagnitude(parameters, network.layout().denseLength()) <= Magnitudes.WEIGHT)) {
            return StepOutcome.WEIGHTS_TOO_LARGE;
        }
        objective.judge(targets, rows, losses, scores);
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
        parametersReplaced(); // the rows of tables that it changes are not collected
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
            gradientNorm = GradientNorm.of(gradient, sparse.ranges());
        }
        Ranges ranges = sparse.ranges();
        clipping.clip(gradient, ranges, gradientNorm);
        decayWeights(learningRate);
        optimizer.update(kernels(), parameters, gradient, moments, ranges, learningRate, steps + 1);
        return true;
    }

    private static double mean(float[] losses, int rows) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += losses[i];
        }
        return sum / rows;
    }

    /** Sets the mean loss above which a step is refused; initially infinite. */
    public void lossLimit(double limit) {
        lossLimit = limit;
    }

    /** Mean loss of the last {@link #step} that evaluated its losses. */
    public double meanLoss() {
        return meanLoss;
    }

    /**
     * {@link #step} without clipping and update: computes {@link #gradient()} and changes nothing that is saved. For an optimizer that
     * looks ahead, the gradient is taken at that point, while losses and scores are still those of the parameters.
     *
     * @return whether the gradient is small enough for an update; otherwise it is incomplete
     */
    public boolean computeGradient(
            float[] inputs, float[] targets, float[] weights, int rows, float[] losses, float[] scores) {
        evaluate(inputs, targets, rows, losses, scores);
        return gradientOfStep(inputs, targets, weights, rows, scores);
    }

    private boolean gradientOfStep(float[] inputs, float[] targets, float[] weights, int rows, float[] scores) {
        sparse.begin(objective.workspace().pass().tokens(), rows, gradient);
        float[] point = parameters;
        if (ahead != null) {
            Ranges ranges = sparse.ranges();
            for (int i = 0; i < ranges.size(); i++) {
                optimizer.lookAhead(parameters, moments, ahead, ranges.from(i), ranges.to(i));
            }
            point = ahead;
        }
        return objective.differentiate(point, state, inputs, targets, weights, rows, steps, scores, gradient);
    }

    /**
     * The curvature of the objective along its gradient on one mini-batch. Both are taken at the parameters, before clipping, with the masks
     * of dropout and the statistics of batch normalisation that the next {@link #step} will use, even if the optimizer looks ahead. Overwrites
     * {@link #gradient()} and changes nothing that is saved. Takes up to three times as long as a step ({@link HessianVectorProduct}).
     * The first call allocates memory: 1.5 times that of the passes and one array of the parameters' length.
     *
     * @param inputs this and the other arguments: see {@link #step}
     */
    public Curvature curvature(
            float[] inputs, float[] targets, float[] weights, int rows, float[] losses, float[] scores) {
        if (product == null) {
            product = new float[parameters.length];
        }
        boolean finite = multiplyByHessian(inputs, targets, weights, rows, losses, scores, gradient, product);
        return finite ? Curvature.of(network.layout(), gradient, product) : Curvature.UNKNOWN;
    }

    /**
     * Computes {@code H v} for the Hessian of the objective at the parameters, and {@link #gradient()}, under the conditions of
     * {@link #curvature}. Only the first call allocates.
     *
     * @param v vector in the layout of the parameters, with zero padding; may be {@link #gradient()}
     * @param hv {@code [parameterLength]}, overwritten
     * @return whether the gradient is small enough for an update; otherwise the product is not valid
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
        sparse.begin(objective.workspace().pass().tokens(), rows, gradient);
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

    /** The sum of the penalties at the current parameters, which the objective adds to the mean loss. */
    public double penalty() {
        return objective.penalty(parameters);
    }

    /** {@link #step} without gradient and update: computes losses and scores with the current parameters. */
    public void evaluate(float[] inputs, float[] targets, int rows, float[] losses, float[] scores) {
        objective.evaluate(parameters, state, inputs, targets, rows, losses, scores);
    }

    /** L2 norm of the objective's gradient in the last {@link #step}, before clipping; NaN if the step did not compute it. */
    public double gradientNorm() {
        return gradientNorm;
    }
}
