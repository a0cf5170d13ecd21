package io.millrace.learner.network;

import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Validation;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Curvature;
import io.millrace.nn.network.StepOutcome;
import java.util.List;
import java.util.function.Consumer;

/**
 * The learner of one network.
 *
 * <p>Examples wait in an open mini-batch. When it closes, they are predicted, evaluated, and learned by one optimizer step. Weights and
 * target statistics change only then, so each example is predicted by the same weights as on its arrival. Only the features are
 * standardised with statistics that include the example itself, which needs no label. Where targets are scaled, neither the first
 * mini-batch nor examples held out before it are evaluated, because the scale of the targets is not known yet. An example allocates
 * nothing; a report does.
 *
 * <p>Examples that are held out ({@link #evaluate}, chosen by {@code HoldoutSampler}) are only evaluated: weights, statistics,
 * mini-batches and {@link #version} are the same as for a stream without them. With {@link EarlyStopping}, {@link #servedModel} has the
 * weights with the best validation loss: the loss of the held-out examples if there is a holdout, else the prequential loss.
 */
public final class NetworkLearner implements Learner {
    private final LearnerSpec spec;
    private final NetworkState state;
    private final MiniBatch batch;
    private final Consumer<Report> reports;
    private final Consumer<RefusedBatch> refusals;
    private final InputRow example = new InputRow();
    private final float[] losses; // [batchSize]
    private final float[] scores; // [batchSize x outputs]

    /** A new learner, which discards the refused mini-batches. */
    public NetworkLearner(LearnerSpec spec, Consumer<Report> reports) {
        this(spec, reports, refused -> {});
    }

    /**
     * A new learner.
     *
     * @param spec specification of the learner
     * @param reports receives a report with the first step after which there are {@link Validation#reportExamples} examples since the last
     * @param refusals receives each mini-batch that was not learned
     */
    public NetworkLearner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        this.spec = spec;
        this.reports = reports;
        this.refusals = refusals;
        state = new NetworkState(spec);
        batch = state.batch;
        losses = new float[spec.batchSize()];
        scores = new float[spec.batchSize() * spec.architecture().outputs()];
    }

    /** Learns the open mini-batch before adding this example if the example is beyond its window, and afterwards if it is full. */
    @Override
    public void learn(InputRow row, float[] target, float weight, long timestamp, long position) {
        state.check.learned(row, target, weight, timestamp);
        batch.advance(timestamp);
        if (batch.closesBefore(timestamp)) {
            close();
        }
        state.fields.arrived(row);
        batch.add(row, target, weight, timestamp, position);
        if (batch.full()) {
            close();
        }
    }

    /** Learns an {@code Example} with the next position. */
    public void learn(float[] features, float[] target, float weight, long timestamp) {
        learn(example.features(features), target, weight, timestamp, state.nextPosition + batch.rows());
    }

    /** Evaluates an {@code Example}; see {@link #evaluate(InputRow, float[], float, long)}. */
    public void evaluate(float[] features, float[] target, float weight, long timestamp) {
        evaluate(example.features(features), target, weight, timestamp);
    }

    /** Uses the weights and statistics from before the open mini-batch. The next report includes the result in {@link Report#heldOut}. */
    @Override
    public void evaluate(InputRow row, float[] target, float weight, long timestamp) {
        if (state.holdout == null) {
            throw new IllegalStateException("holdoutFraction is 0: this learner learns every example");
        }
        state.check.heldOut(row, target, weight, timestamp);
        state.holdoutPass.evaluate(row, target, state.trainer, state.preprocessing);
    }

    private void close() {
        int rows = batch.rows();
        boolean reporting = state.evaluation.reportsWith(
                rows, state.learned, spec.validation().reportExamples());
        state.preprocessing.scale(batch);
        state.trainer.tokens(batch.tokens);
        float learningRate =
                (float) (spec.optimization().schedule().learningRate(state.trainer.steps()) * state.guard.rate());
        if (reporting && state.curvatures != null) {
            state.curvatures.measure(state.trainer, batch, losses, scores);
        }
        state.trainer.lossLimit(state.guard.lossLimit());
        StepOutcome outcome = state.trainer.step(
                batch.inputs, batch.targets, batch.weights, rows, learningRate, losses, scores, reporting);
        state.nextPosition = batch.positions[rows - 1] + 1;
        if (outcome == StepOutcome.TAKEN) {
            learned(rows, learningRate, reporting);
        } else {
            refused(outcome, learningRate);
        }
        batch.clear();
    }

    private void learned(int rows, float learningRate, boolean reporting) {
        evaluate(rows);
        state.guard.learned(state.trainer.meanLoss());
        state.preprocessing.refresh();
        state.learned += rows;
        state.attribution.explain(batch, scores, state.fields);
        if (reporting) {
            report(learningRate);
        }
    }

    /** Passes the refused mini-batch on and restores the state from before it. Only the measure of outliers keeps its examples. */
    private void refused(StepOutcome outcome, float learningRate) {
        state.preprocessing.undo(batch);
        refusals.accept(new RefusedBatch(outcome.cause(), batch.examples()));
        Long returnedTo = state.guard.refused(batch.rows(), state.trainer);
        if (returnedTo != null) {
            // early stopping does not see the losses of this report: they are those of weights that are gone
            Report.Best served = state.best == null ? null : state.best.served();
            reports.accept(
                    report(learningRate, null, null, served, new Report.Refused(refusedSinceReport(), returnedTo)));
        }
    }

    private void evaluate(int rows) {
        if (!state.metrics.ready()) {
            return;
        }
        int outputs = spec.architecture().outputs();
        int width = spec.targetWidth();
        float[] trueTargets = state.preprocessing.trueTargets(batch);
        for (int row = 0; row < rows; row++) {
            double[] quantities = state.metrics.of(losses[row], scores, row * outputs, trueTargets, row * width);
            state.evaluation.observe(quantities, batch.timestamps[row]);
            state.outcomes.observe(scores, row * outputs, trueTargets, row * width);
        }
    }

    private void report(float learningRate) {
        Score heldOut = state.holdout == null ? null : state.holdout.report(state.evaluation.nothingReported());
        Score validation = state.holdout == null ? state.evaluation.scoreSinceReport() : heldOut;
        if (validation != null && validation.metrics().isEmpty()) {
            validation = null; // none of them was evaluated
        }
        Report.Best served = state.best == null
                ? null
                : state.best.report(
                        validation,
                        state.trainer,
                        state.preprocessing,
                        state.evaluation.total(),
                        state.learned,
                        state.nextPosition);
        Curvature curvature = state.curvatures == null ? null : state.curvatures.report();
        reports.accept(
                report(learningRate, curvature, heldOut, served, new Report.Refused(refusedSinceReport(), null)));
    }

    private long refusedSinceReport() {
        return state.guard.report(state.trainer, state.preprocessing, state.evaluation.total(), state.learned);
    }

    private Report report(
            float learningRate, Curvature curvature, Score heldOut, Report.Best served, Report.Refused refused) {
        return state.evaluation.report(
                state.trainer.steps(),
                state.learned,
                decimal(learningRate),
                state.trainer.gradientNorm(),
                curvature,
                heldOut,
                served,
                refused,
                List.of(),
                state.outcomes.report(),
                state.fields.report(state.preprocessing.featureMeans(), state.preprocessing.featureVariances()),
                streamTime());
    }

    /** The shortest decimal form: 0.002, not 0.0020000000949949026. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    @Override
    public long version() {
        return state.learned;
    }

    @Override
    public long nextPosition() {
        return state.nextPosition;
    }

    @Override
    public int waiting() {
        return batch.rows();
    }

    @Override
    public long openedAt() {
        return batch.openedAt();
    }

    @Override
    public long heldOut() {
        return state.holdout == null ? 0 : state.holdout.examples();
    }

    @Override
    public long streamTime() {
        return batch.streamTime().now();
    }

    @Override
    public long oddTimes() {
        return batch.streamTime().odd();
    }

    @Override
    public Score score() {
        return state.metrics.score(state.evaluation.total());
    }

    @Override
    public NetworkModel model() {
        return state.current().model();
    }

    @Override
    public long servedVersion() {
        return state.servesBest() ? state.best.weights().version() : version();
    }

    @Override
    public long servedNextPosition() {
        return state.servesBest() ? state.best.weights().nextPosition() : nextPosition();
    }

    @Override
    public NetworkModel servedModel() {
        return state.servesBest() ? state.bestCopy().model() : model();
    }

    @Override
    public Score servedScore() {
        return state.servesBest() ? state.metrics.score(state.best.weights().total()) : score();
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    /**
     * Holdout, early stopping, the guard's return and the curvature may have been turned on or off since the state was written, and declared
     * features may have been added at the end.
     */
    @Override
    public void restore(StateReader in) {
        state.restore(in);
    }

    @Override
    public void saveBatch(StateWriter out) {
        batch.saveRows(out);
    }

    @Override
    public void restoreBatch(StateReader in) {
        state.restoreBatch(in);
    }
}
