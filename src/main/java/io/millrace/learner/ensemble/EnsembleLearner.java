package io.millrace.learner.ensemble;

import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.ExplainedScore;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.Decision;
import io.millrace.learner.input.FeatureStatistics;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Validation;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.function.Consumer;

/**
 * The learner of an ensemble: four small networks and a memory of labels, mixed by weights that are learned, too. Of the specification it uses the
 * numbers of inputs and outputs, the task, the seed, the evaluation and the guard; what the networks are and how they learn is fixed.
 *
 * <p>Each example is learned at once, after it was predicted by the weights from before it; only the statistics of its features include the
 * example itself. No example waits. Where targets are scaled, the first example is not evaluated, because the scale of the targets is not known
 * yet. An example allocates nothing; a report does.
 *
 * <p>No example is refused because of what learning it would do: a member whose step would damage its network leaves it out, and the others learn
 * it ({@link GuardedTrainer}). Reports count the steps that were left out.
 */
public final class EnsembleLearner implements Learner {
    private final LearnerSpec spec;
    private final EnsembleState state;
    private final Consumer<Report> reports;
    private final InputRow example = new InputRow();
    private final Views heldOutViews;
    private final float[] scores; // [outputs]
    private final ExplainedScore explained;

    /**
     * A new learner.
     *
     * @param spec specification of the learner
     * @param reports receives a report with the first example after which there are {@link Validation#reportExamples} examples since the last
     */
    public EnsembleLearner(LearnerSpec spec, Consumer<Report> reports) {
        this(spec, Design.of(EnsembleInputs.of(spec)), reports);
    }

    /** A learner of another design, whose models no predictor takes. */
    EnsembleLearner(LearnerSpec spec, Design design, Consumer<Report> reports) {
        this.spec = spec;
        this.reports = reports;
        state = new EnsembleState(spec, design);
        heldOutViews = new Views(spec.layout(), EnsembleInputs.of(spec));
        scores = new float[EnsembleState.outputs(spec)];
        explained = new ExplainedScore(spec, scores.length);
    }

    /** A new learner. It refuses no mini-batch, so that {@code refusals} receives nothing. */
    public EnsembleLearner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        this(spec, reports);
    }

    @Override
    public void learn(InputRow row, float[] target, float weight, long timestamp, long position) {
        state.check.learned(row, target, weight, timestamp);
        state.time.advance(timestamp);
        boolean reporting =
                state.evaluation.reportsWith(1, version(), spec.validation().reportExamples());
        state.fields.arrived(row);
        state.ensemble.predict(row);
        if (state.metrics.ready()) {
            float loss = answer(target);
            state.evaluation.observe(state.metrics.of(loss, scores, 0, target, 0), timestamp);
            state.outcomes.observe(scores, 0, target, 0);
            state.ensemble.observe(state.losses, target);
        }
        state.ensemble.learn(target, weight);
        state.nextPosition = position + 1;
        if (state.fields.isDue()) {
            explain();
        }
        if (reporting) {
            report();
        }
    }

    /** Learns an {@code Example} with the next position. */
    public void learn(float[] features, float[] target, float weight, long timestamp) {
        learn(example.features(features), target, weight, timestamp, state.nextPosition);
    }

    /** Takes the scores of the last prediction, and returns its loss. */
    private float answer(float[] target) {
        double[] answer = state.ensemble.answer();
        for (int k = 0; k < scores.length; k++) {
            scores[k] = (float) answer[k];
        }
        return (float) state.ensemble.loss(target);
    }

    /** By the scores of the last {@link #answer}; where none was evaluated yet, there are no classes. */
    private void explain() {
        int predicted = Decision.predictedClass(scores, 0, scores.length);
        state.attribution.explain(
                state.ensemble.views(),
                state.ensemble.weights(),
                explained.weights(predicted, state.fields.explained()),
                state.fields);
    }

    /** Predicts as a server does that knows all examples so far. The next report includes the result in {@link Report#heldOut}. */
    @Override
    public void evaluate(InputRow row, float[] target, float weight, long timestamp) {
        if (state.holdout == null) {
            throw new IllegalStateException("holdoutFraction is 0: this learner learns every example");
        }
        state.check.heldOut(row, target, weight, timestamp);
        state.ensemble.predictOnly(row, heldOutViews);
        state.holdout.observe(answer(target), scores, target);
    }

    private void report() {
        FeatureStatistics learned = state.ensemble.views().slowStatistics();
        Score heldOut = state.holdout == null ? null : state.holdout.report(state.evaluation.nothingReported());
        long refused = 0;
        Long returnedTo = null;
        for (Member member : state.ensemble.members()) {
            returnedTo =
                    member.trainer().returned() ? Long.valueOf(member.trainer().goodVersion()) : returnedTo;
            refused += member.trainer().report(version());
        }
        reports.accept(state.evaluation.report(
                version(),
                version(),
                Double.NaN, // each member has its own
                Double.NaN,
                null,
                heldOut,
                null,
                new Report.Refused(refused, returnedTo),
                state.losses.report(state.ensemble.weights()),
                state.outcomes.report(),
                state.fields.report(learned.means(), learned.variances()),
                streamTime()));
    }

    @Override
    public long version() {
        return state.ensemble.learned();
    }

    @Override
    public long nextPosition() {
        return state.nextPosition;
    }

    /** @return 0 */
    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public long openedAt() {
        return streamTime();
    }

    @Override
    public long heldOut() {
        return state.holdout == null ? 0 : state.holdout.examples();
    }

    @Override
    public long streamTime() {
        return state.time.now();
    }

    @Override
    public long oddTimes() {
        return state.time.odd();
    }

    @Override
    public Score score() {
        return state.metrics.score(state.evaluation.total());
    }

    @Override
    public EnsembleModel model() {
        return state.ensemble.model(
                spec.task(), spec.classes(), version() == 0 ? -1 : state.time.newest(), spec.declaration());
    }

    @Override
    public long servedVersion() {
        return version();
    }

    @Override
    public long servedNextPosition() {
        return nextPosition();
    }

    @Override
    public EnsembleModel servedModel() {
        return model();
    }

    @Override
    public Score servedScore() {
        return score();
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    /**
     * Holdout and the guard's return may have been turned on or off since the state was written, and declared features may have been added at
     * the end.
     */
    @Override
    public void restore(StateReader in) {
        state.restore(in);
    }

    /** Writes nothing: no example waits. */
    @Override
    public void saveBatch(StateWriter out) {}

    /** Reads nothing: no example waits. */
    @Override
    public void restoreBatch(StateReader in) {}
}
