package io.millrace.topology.record;

import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.learner.Model;
import io.millrace.learner.input.Decision;
import io.millrace.learner.spec.Task;
import io.millrace.records.FloatVector;
import java.util.List;

/**
 * The answer to a request.
 *
 * @param record the Avro record that is published
 */
public record AnswerEvent(Prediction record) implements ServingEvent {
    /**
     * A prediction.
     *
     * @param name of the model
     * @param version of the model: number of examples learned
     * @param model the model that gave the scores; its task and classes define what they mean
     * @param scores kept, not copied
     */
    public static AnswerEvent of(String name, long version, Model model, float[] scores) {
        boolean classified = model.task() == Task.CLASSIFICATION;
        int predicted = classified ? Decision.predictedClass(scores, 0, scores.length) : -1;
        return new AnswerEvent(new Prediction(
                PredictionStatus.OK,
                new FloatVector(scores),
                classified ? predicted : null,
                classified ? model.classes().get(predicted) : null,
                name,
                version,
                null));
    }

    /** An answer without a prediction, with the reason. */
    public static AnswerEvent without(PredictionStatus status, String name, long version, String reason) {
        return new AnswerEvent(new Prediction(status, List.of(), null, null, name, version, reason));
    }
}
