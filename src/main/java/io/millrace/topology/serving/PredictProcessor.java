package io.millrace.topology.serving;

import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Model;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Decision;
import io.millrace.learner.spec.Task;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.record.DeadLetter;
import io.millrace.topology.record.DeadLetters;
import io.millrace.topology.record.RegistryRetryingDeserializer;
import java.util.List;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Answers each request with one {@link Prediction}, by the newest weights. A request that cannot be used is answered BAD_INPUT and
 * goes to the dead letters as well; one whose key and headers no answer can bear goes there alone: they are too large, or a key is missing
 * that the topic of the answers demands.
 */
public final class PredictProcessor implements FixedKeyProcessor<byte[], byte[], Object> {
    /** The answer bears the key and the headers of its request, and must fit into a record. */
    private static final int MAX_BORNE_BYTES = 500_000;

    private static final double MOST_BORNE = 0.48; // of what a record may have

    private final LiveModel liveModel;
    private final OutputTopic answers;
    private final OutputTopic letters;
    private final RegistryRetryingDeserializer<Features> deserializer;
    private FixedKeyProcessorContext<byte[], Object> context;
    private DeadLetters<byte[]> deadLetters;
    private ReplicaMean replicas = new ReplicaMean(LiveModel.Replicas.of(List.of()));

    public PredictProcessor(
            LiveModel liveModel, MillraceConfig config, AvroSerdes serdes, OutputTopic answers, OutputTopic letters) {
        this.liveModel = liveModel;
        this.answers = answers;
        this.letters = letters;
        deserializer = new RegistryRetryingDeserializer<>(
                serdes,
                serdes.valueSerde(Features.class).deserializer(),
                config.topics().features(),
                RegistryRetryingDeserializer.PATIENCE,
                config.deadLettersWithoutRegistry());
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], Object> context) {
        this.context = context;
        deadLetters = new DeadLetters<>(context, key -> key, letters);
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        if (replicas.of() != liveModel.replicas()) {
            replicas = new ReplicaMean(liveModel.replicas());
        }
        String unanswerable = unanswerable(record);
        if (unanswerable != null) {
            deadLetters.forward(record, unanswerable);
            return;
        }
        context.forward(timed(record.withValue(answer(record))));
    }

    /** Why no answer can bear the key and the headers of a request; null if one can. */
    private String unanswerable(FixedKeyRecord<byte[], byte[]> record) {
        if (record.key() == null && answers.demandsKeys()) {
            return "the request has no key, and topic " + answers.name()
                    + " is compacted: it takes no answer without one";
        }
        int keyBytes = record.key() == null ? 0 : record.key().length;
        int headerBytes = DeadLetter.bytes(record.headers());
        return keyBytes + headerBytes > Math.min(MAX_BORNE_BYTES, MOST_BORNE * answers.maxBytes())
                ? "the key has " + keyBytes + " bytes, the headers have " + headerBytes
                        + ": an answer would be too large"
                : null;
    }

    /** The answer at the time of its request, or, if the brokers do not take that, now, and with the other in a header. */
    private FixedKeyRecord<byte[], Prediction> timed(FixedKeyRecord<byte[], Prediction> answer) {
        long timestamp = answers.within(answer.timestamp(), context.currentSystemTimeMs());
        return timestamp == answer.timestamp()
                ? answer
                : answer.withTimestamp(timestamp).withHeaders(DeadLetter.timed(answer.headers(), answer.timestamp()));
    }

    private Prediction answer(FixedKeyRecord<byte[], byte[]> record) {
        try {
            Features request = deserializer.deserialize(record.headers(), record.value());
            float[] features = FloatVector.arrayOf(request.getFeatures());
            return replicas.isEmpty()
                    ? unanswered(PredictionStatus.NO_MODEL, "no snapshot of the model has arrived yet")
                    : prediction(replicas.predict(features));
        } catch (BadInputException e) {
            deadLetters.forward(record, e.getMessage());
            return unanswered(PredictionStatus.BAD_INPUT, e.getMessage());
        }
    }

    private Prediction prediction(float[] scores) {
        Model model = replicas.of().predictors().get(0).model();
        boolean classified = model.task() == Task.CLASSIFICATION;
        int predicted = classified ? Decision.predictedClass(scores, 0, scores.length) : -1;
        return new Prediction(
                PredictionStatus.OK,
                new FloatVector(scores),
                classified ? predicted : null,
                classified ? model.classes().get(predicted) : null,
                liveModel.name(),
                replicas.of().version(),
                null);
    }

    private String abbreviated(String reason) {
        return DeadLetter.abbreviated(reason, Math.min(DeadLetter.MAX_CAUSE_CHARS, answers.maxBytes() / 16));
    }

    private Prediction unanswered(PredictionStatus status, String reason) {
        return new Prediction(
                status, List.of(), null, null, liveModel.name(), replicas.of().version(), abbreviated(reason));
    }

    @Override
    public void close() {
        deadLetters.close();
    }
}
