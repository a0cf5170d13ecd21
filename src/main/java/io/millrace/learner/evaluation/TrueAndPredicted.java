package io.millrace.learner.evaluation;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** Collects what was true and what was predicted, of the examples since the last report. Allocates nothing per example. */
public interface TrueAndPredicted {
    /**
     * Collects by the task.
     *
     * @param metrics evaluates the same predictions
     * @param outputs number of scores
     */
    static TrueAndPredicted of(LearnerSpec spec, ExampleMetrics metrics, int outputs) {
        return switch (spec.task()) {
            case CLASSIFICATION -> new ConfusionMatrix(spec.classes(), outputs);
            case MULTILABEL -> new LabelCounts(spec.classes());
            case REGRESSION ->
                new TargetSample(metrics, outputs, spec.validation().reportExamples());
        };
    }

    /**
     * Adds a prediction, which was made before its example was learned.
     *
     * @param scores scores of the model, starting at {@code scoreOffset}
     * @param targets targets as {@code Labels} encodes them, unscaled, starting at {@code targetOffset}
     */
    void observe(float[] scores, int scoreOffset, float[] targets, int targetOffset);

    /** Summarises the examples since the last report and starts the next one. */
    Report.Outcomes report();

    void save(StateWriter out);

    void restore(StateReader in);
}
