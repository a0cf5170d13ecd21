package io.millrace.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.avro.Prediction;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.declared.DeclaredDecoder;
import io.millrace.input.declared.JsonRecord;
import io.millrace.learner.Model;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.AnswerEvent;
import io.millrace.topology.serving.LiveModel.Replicas;
import io.millrace.topology.serving.ReplicaMean;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Answers rows in JSON with one version of a model, by the code that answers the requests of the topic; only that it remembers no request. For
 * one thread at a time.
 */
final class VersionAnswers {
    private final String name;
    private final ReplicaMean mean;
    private final ModelInputs inputs;
    private final DeclaredDecoder decoder; // null: the model takes arrays of features
    private final InputRow array = new InputRow();

    /**
     * @param name of the model
     * @param replicas at least one
     */
    VersionAnswers(String name, Replicas replicas) {
        this.name = name;
        mean = ReplicaMean.stateless(replicas);
        inputs = new ModelInputs(model());
        Declaration declaration = model().declaration();
        decoder = declaration == null ? null : DeclaredDecoder.json(declaration, null);
    }

    Replicas of() {
        return mean.of();
    }

    Model model() {
        return mean.model();
    }

    ModelInputs inputs() {
        return inputs;
    }

    /** In how many rows each declared feature had no value since this was set back; without declared features of the length 0. */
    AtomicLongArray missing() {
        return decoder == null ? new AtomicLongArray(0) : decoder.missing();
    }

    /**
     * Answers a row.
     *
     * @param row {@code {"features": [...]}}, or the declared fields; loses members that are not part of a record's value
     * @throws BadInputException with a sentence, when it cannot be answered
     */
    Prediction answer(ObjectNode row) {
        long now = System.currentTimeMillis();
        float[] scores = decoder == null
                ? mean.answer(array.features(features(row)), now)
                : mean.answer(decoded(row, now), decoder.eventTime());
        return AnswerEvent.of(name, of().version(), model(), scores).record();
    }

    private InputRow decoded(ObjectNode row, long now) {
        try {
            JsonRecord record = JsonRecord.of(row);
            long timestamp = record.timestamp() == null ? now : record.timestamp();
            decoder.decode(record.key(), JsonRecord.bytes(record.value()), record.headers(), timestamp);
            return decoder.row();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage());
        }
    }

    private static float[] features(ObjectNode row) {
        JsonNode given = row.path(ModelInputs.FEATURES);
        if (!given.isArray()) {
            throw new BadInputException("the row has no array \"" + ModelInputs.FEATURES + "\"");
        }
        float[] features = new float[given.size()];
        for (int j = 0; j < features.length; j++) {
            JsonNode feature = given.get(j);
            if (!feature.isNumber()) {
                throw new BadInputException("feature " + j + " is " + Json.shown(feature) + ", no number");
            }
            features[j] = feature.floatValue();
        }
        return features;
    }
}
