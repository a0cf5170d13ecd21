package io.millrace.learner;

import io.millrace.learner.evaluation.CurvatureReports;
import io.millrace.learner.evaluation.Evaluation;
import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.evaluation.HoldoutEvaluation;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.FeatureCheck;
import io.millrace.learner.input.Labels;
import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.input.OutlierFilter;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateSections;
import io.millrace.learner.state.StateWriter;
import io.millrace.learner.state.TrainerState;
import io.millrace.learner.weights.BestWeights;
import io.millrace.learner.weights.Guard;
import io.millrace.learner.weights.Model;
import io.millrace.learner.weights.Weights;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Curvature;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.StepOutcome;
import io.millrace.nn.network.Trainer;
import java.util.function.Consumer;

/**
 * Learns from a stream, one example after the other, and reports how well it predicted each before it learned it.
 *
 * <p>Examples gather in an open mini-batch; when it closes they are predicted, judged, and learned by one optimizer step.
 * Weights and target statistics change at no other moment, so that they are the ones that would have predicted it on arrival;
 * features alone are standardised with statistics up to the example itself, which needs no label. Where targets are scaled, the first
 * mini-batch is not judged, and examples held out before it are not: there was no unit to predict in. The state after n examples is
 * a pure function of the specification, of those examples in their order, and of which of them were held out. For one thread.
 * An example allocates nothing; a report does.
 *
 * <p>Examples that are held out ({@link #evaluate}, chosen by {@code HoldoutSampler}) are judged alone: weights, statistics, mini-batches and
 * {@link #version} are those of a stream without them. With {@code EarlyStopping} the weights to be served ({@link #servedModel}) are the best
 * ones by the validation loss: that of the examples held out if there is a holdout, else the prequential loss.
 */
public final class Learner {
    /** A weight that stands for more examples than this is a mistake, and would destroy the network. */
    private static final float MOST_WEIGHT = 1_000_000;

    private final LearnerSpec spec;
    private final Consumer<Report> reports;
    private final Consumer<RefusedBatch> refusals;
    private final Labels labels;
    private final Network network;
    private final Trainer trainer;
    private final MiniBatch batch;
    private final Preprocessing preprocessing;
    private final ExampleMetrics judge;
    private final Evaluation evaluation;
    private final HoldoutEvaluation heldOut; // null: nothing is held out
    private final BestWeights best; // null: the current weights are the ones to be served
    private final Guard guard;
    private final OutlierFilter outliers;
    private final CurvatureReports curvatures; // null: no report carries the curvature
    private final float[] losses; // [batchSize]
    private final float[] scores; // [batchSize x outputs]
    private long learned;
    private long nextPosition;

    /** A learner that has seen nothing, and tells nobody what it refuses. */
    public Learner(LearnerSpec spec, Consumer<Report> reports) {
        this(spec, reports, refused -> {});
    }

    /**
     * A learner that has seen nothing.
     *
     * @param spec what it is made of
     * @param reports receives a report with the first step that brings {@code Validation.reportExamples} examples
     * @param refusals receives each mini-batch that was not learned
     */
    public Learner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        this.spec = spec;
        this.reports = reports;
        this.refusals = refusals;
        Architecture architecture = spec.architecture();
        labels = new Labels(spec.task(), spec.classes());
        network = new Network(architecture, KernelsProvider.kernels());
        trainer = new Trainer(
                network,
                spec.optimization().optimizer(),
                spec.optimization().penalties(),
                spec.optimization().clipping(),
                spec.batchSize(),
                spec.seed());
        network.initialize(trainer.parameters(), spec.initializer(), spec.seed());
        batch = new MiniBatch(
                spec.batchSize(), architecture.inputs(), spec.targetWidth(), spec.batchWindowMs(), spec.batchStepMs());
        preprocessing = new Preprocessing(spec);
        judge = new ExampleMetrics(spec.task(), architecture.outputs(), preprocessing.targets());
        evaluation = new Evaluation(judge, spec.validation().fading());
        heldOut = spec.validation().holdsOut() ? newHeldOut() : null;
        best = spec.validation().stopsEarly() ? new BestWeights(spec, network) : null;
        guard = new Guard(spec, network);
        guard.start(trainer, preprocessing, evaluation.total(), 0);
        outliers = new OutlierFilter(spec.guard().outlierFactor(), spec.guard().maxConsecutive());
        int every = spec.validation().curvatureEvery();
        curvatures = every > 0 ? new CurvatureReports(every) : null;
        losses = new float[spec.batchSize()];
        scores = new float[spec.batchSize() * architecture.outputs()];
    }

    private HoldoutEvaluation newHeldOut() {
        return new HoldoutEvaluation(
                judge, spec.architecture().inputs(), spec.architecture().outputs());
    }

    /**
     * Takes one example in. Learns the open mini-batch first if this example lies beyond its window, and afterwards if it
     * is full.
     *
     * @param features one finite value for each input; copied
     * @param target as {@link Labels} encodes it, [{@link LearnerSpec#targetWidth}]; copied
     * @param weight scales the example's share of the gradient; 0 to 1,000,000
     * @param timestamp event time, ms, not negative
     * @param position place of the example in its stream: the offset of its record
     * @throws BadInputException when the example does not fit; no weights have changed then
     */
    public void learn(float[] features, float[] target, float weight, long timestamp, long position) {
        check(features, target, weight, timestamp, true);
        batch.advance(timestamp);
        if (batch.closesBefore(timestamp)) {
            close();
        }
        batch.add(features, target, weight, timestamp, position);
        if (batch.full()) {
            close();
        }
    }

    /** {@link #learn(float[], float[], float, long, long)} of the example at the next position. */
    public void learn(float[] features, float[] target, float weight, long timestamp) {
        learn(features, target, weight, timestamp, nextPosition + batch.rows());
    }

    /**
     * Judges one example that is held out, by the weights and statistics as they are now, which are those from before the open
     * mini-batch. Changes nothing else: it is not in {@link #version}, closes no window, moves no stream time, and adds to no report's number
     * of examples but to {@link Report#heldOut} of the next one.
     *
     * @param weight checked as in {@link #learn}; evaluations count all examples alike
     * @throws BadInputException when the example does not fit; nothing has changed then
     * @throws IllegalStateException when the specification has no holdout
     */
    public void evaluate(float[] features, float[] target, float weight, long timestamp) {
        if (heldOut == null) {
            throw new IllegalStateException("holdoutFraction is 0: this learner learns every example");
        }
        check(features, target, weight, timestamp, false);
        heldOut.evaluate(features, target, trainer, preprocessing);
    }

    /** Refuses what is no example for this learner; {@code learning} ones are measured against those before them, and count for those after. */
    private void check(float[] features, float[] target, float weight, long timestamp, boolean learning) {
        float feature = FeatureCheck.check(features, spec.architecture().inputs());
        float largest = labels.check(target, spec.targetWidth());
        check(weight, timestamp);
        if (learning) {
            outliers.take(feature, largest);
        } else {
            outliers.check(feature, largest);
        }
    }

    private static void check(float weight, long timestamp) {
        if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
            throw new BadInputException("the weight is " + weight + ", not a number from 0 to " + (int) MOST_WEIGHT);
        }
        if (timestamp < 0) {
            throw new BadInputException("the timestamp is " + timestamp + ", before 1970");
        }
    }

    private void close() {
        int rows = batch.rows();
        boolean reporting = reportsWith(rows);
        preprocessing.scale(batch);
        float learningRate = (float) (spec.optimization().schedule().learningRate(trainer.steps()) * guard.rate());
        if (reporting && curvatures != null) {
            curvatures.measure(trainer, batch, losses, scores);
        }
        trainer.lossLimit(guard.lossLimit());
        StepOutcome outcome =
                trainer.step(batch.inputs, batch.targets, batch.weights, rows, learningRate, losses, scores, reporting);
        nextPosition = batch.positions[rows - 1] + 1;
        if (outcome == StepOutcome.TAKEN) {
            learned(rows, learningRate, reporting);
        } else {
            refuse(outcome, learningRate);
        }
        batch.clear();
    }

    /** Examples that came before any could be judged count for when the first report is due, which waits for one that was. */
    private boolean reportsWith(int rows) {
        long unjudged = scalesTargets() && evaluation.first() ? learned - evaluation.sinceReport() : 0;
        return (judge.ready() || evaluation.sinceReport() > 0)
                && unjudged + evaluation.sinceReport() + rows
                        >= spec.validation().reportExamples();
    }

    private boolean scalesTargets() {
        return preprocessing.targets() != null;
    }

    private void learned(int rows, float learningRate, boolean reporting) {
        judge(rows);
        guard.learned(trainer.meanLoss());
        preprocessing.refresh();
        learned += rows;
        if (reporting) {
            report(learningRate);
        }
    }

    /** Passes the mini-batch on as it came, and goes on as if it had not come; the measure of outliers alone has seen it. */
    private void refuse(StepOutcome outcome, float learningRate) {
        preprocessing.undo(batch);
        refusals.accept(new RefusedBatch(outcome.cause(), batch.examples()));
        Long returnedTo = guard.refused(batch.rows(), trainer);
        if (returnedTo != null) {
            long refused = guard.report(trainer, preprocessing, evaluation.total(), learned);
            reports.accept(report(learningRate, null, null, null, new Report.Refused(refused, returnedTo)));
        }
    }

    private void report(float learningRate) {
        Score alone = heldOut == null ? null : heldOut.report(scalesTargets() && evaluation.first());
        Score validation = heldOut == null ? evaluation.scoreSinceReport() : alone;
        if (validation != null && validation.metrics().isEmpty()) {
            validation = null; // none of them was judged
        }
        Report.Best served = best == null
                ? null
                : best.judge(validation, trainer, preprocessing, evaluation.total(), learned, nextPosition);
        Curvature curvature = curvatures == null ? null : curvatures.report();
        long refused = guard.report(trainer, preprocessing, evaluation.total(), learned);
        reports.accept(report(learningRate, curvature, alone, served, new Report.Refused(refused, null)));
    }

    private Report report(
            float learningRate, Curvature curvature, Score heldOut, Report.Best served, Report.Refused refused) {
        return evaluation.report(
                trainer.steps(),
                learned,
                decimal(learningRate),
                trainer.gradientNorm(),
                curvature,
                heldOut,
                served,
                refused,
                batch.streamTime().now());
    }

    /** The number that people write: 0.002, and not 0.0020000000949949026. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    private void judge(int rows) {
        if (!judge.ready()) {
            return;
        }
        int outputs = spec.architecture().outputs();
        int width = spec.targetWidth();
        float[] trueTargets = preprocessing.trueTargets(batch);
        for (int row = 0; row < rows; row++) {
            double[] judgement = judge.judge(losses[row], scores, row * outputs, trueTargets, row * width);
            evaluation.observe(judgement, batch.timestamps[row]);
        }
    }

    /** @return examples learned: the version of the weights. Those in the open mini-batch do not count yet */
    public long version() {
        return learned;
    }

    /**
     * @return the position after the last example of the last mini-batch that was closed, be it learned or refused: together with the
     *     specification it determines the weights
     */
    public long nextPosition() {
        return nextPosition;
    }

    /** @return examples that wait in the open mini-batch */
    public int waiting() {
        return batch.rows();
    }

    /** @return event time at which the open mini-batch was opened, ms; meaningless when none waits */
    public long openedAt() {
        return batch.openedAt();
    }

    /** @return examples that were held out and judged alone */
    public long heldOut() {
        return heldOut == null ? 0 : heldOut.examples();
    }

    /** @return stream time: the highest event time of the examples taken in to be learned, as far as it is believed, ms; 0 before the first */
    public long streamTime() {
        return batch.streamTime().now();
    }

    /** @return how many event times were not believed since this learner was made, {@link LearnerSpec#batchMaxAdvance} */
    public long oddTimes() {
        return batch.streamTime().odd();
    }

    /** @return the evaluation of all examples learned */
    public Score score() {
        return judge.score(evaluation.total());
    }

    /** @return a copy of what a prediction needs, as of now */
    public Model model() {
        Weights now = new Weights(spec, network);
        now.copy(trainer, preprocessing, evaluation.total(), learned, nextPosition);
        return now.model();
    }

    /**
     * @return version of the weights that are to be served: the best ones with early stopping, from its first report on, else the current
     *     ones. It only grows
     */
    public long servedVersion() {
        return servesBest() ? best.weights().version() : learned;
    }

    /** @return {@link #nextPosition} as it was with the weights that are to be served; -1 when it is not known */
    public long servedNextPosition() {
        return servesBest() ? best.weights().nextPosition() : nextPosition;
    }

    /** @return a copy of what a prediction needs, of the weights that are to be served */
    public Model servedModel() {
        if (!servesBest()) {
            return model();
        }
        Weights copy = new Weights(spec, network);
        copy.copy(best.weights());
        return copy.model();
    }

    /** @return the evaluation of all examples that the weights to be served have learned */
    public Score servedScore() {
        return servesBest() ? judge.score(best.weights().total()) : score();
    }

    private boolean servesBest() {
        return best != null && best.exist();
    }

    /** Writes all that steers learning, except for the examples of the open mini-batch. */
    public void save(StateWriter out) {
        StateSections.of(spec).save(spec, out);
        out.putLong(learned);
        out.putLong(nextPosition);
        out.putLong(trainer.steps());
        batch.streamTime().save(out);
        evaluation.save(out);
        preprocessing.save(out);
        new TrainerState(network, trainer).save(out);
        guard.save(out);
        outliers.save(out);
        if (heldOut != null) {
            heldOut.save(out);
        }
        if (best != null) {
            best.save(out);
        }
        if (guard.good() != null) {
            guard.good().save(out);
        }
        if (curvatures != null) {
            curvatures.save(out);
        }
        if (best != null) {
            out.putLong(best.weights().nextPosition());
        }
        if (spec.batchMaxAdvance() > 0) {
            batch.streamTime().saveDoubts(out);
        }
    }

    /**
     * Continues where the learner that wrote this state was. Holdout, early stopping, the guard's return and the curvature may have been
     * switched on or off since. A learner that has refused a state is of no use any more.
     *
     * @throws OtherShapeException when the state belongs to a learner of another shape
     * @throws IllegalStateException when the state is damaged
     */
    public void restore(StateReader in) {
        StateSections parts = StateSections.restore(spec, in);
        learned = in.getCount();
        nextPosition = in.getCount();
        trainer.steps(in.getCount());
        batch.streamTime().restore(in);
        evaluation.restore(in);
        preprocessing.restore(in);
        new TrainerState(network, trainer).restore(in);
        guard.restore(in);
        outliers.restore(in);
        if (parts.heldOut()) { // read even where it is not wanted any more: more may follow
            (heldOut == null ? newHeldOut() : heldOut).restore(in);
        }
        if (parts.best()) {
            (best == null ? new BestWeights(spec, network) : best).restore(in);
        }
        if (guard.good() != null) {
            if (parts.good()) {
                guard.good().restore(in);
            } else {
                guard.start(trainer, preprocessing, evaluation.total(), learned);
            }
        } else if (parts.good()) {
            new Weights(spec, network).restore(in);
        }
        if (parts.curvature()) {
            (curvatures == null ? new CurvatureReports(1) : curvatures).restore(in);
        }
        long bestPosition = parts.bestPosition() ? in.getLong() : -1;
        if (best != null) {
            best.weights().nextPosition(bestPosition);
        }
        if (best != null && parts.heldOut() != (heldOut != null)) {
            best.forget(); // the best loss was one of other examples
        }
        if (parts.doubts()) {
            batch.streamTime().restoreDoubts(in);
        }
    }

    /** Writes the examples of the open mini-batch. */
    public void saveBatch(StateWriter out) {
        batch.saveRows(out);
    }

    /**
     * Takes back the examples of an open mini-batch. A learner that has refused them is of no use any more.
     *
     * @throws IllegalStateException when the state is damaged or does not fit
     */
    public void restoreBatch(StateReader in) {
        batch.restoreRows(in);
        try {
            for (RefusedBatch.Example example : batch.examples()) {
                FeatureCheck.check(example.features(), spec.architecture().inputs());
                labels.check(example.target(), spec.targetWidth());
                check(example.weight(), example.timestamp());
            }
        } catch (BadInputException e) {
            throw new IllegalStateException(
                    "the saved mini-batch holds an example that no learner takes: " + e.getMessage(), e);
        }
    }
}
