package io.millrace.topology.serving;

import io.millrace.avro.PredictionStatus;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.Input;
import io.millrace.input.RequestDecoder;
import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.record.AnswerEvent;
import io.millrace.topology.record.DeadLetter;
import io.millrace.topology.record.DeadLetter.Place;
import io.millrace.topology.record.DeadLetters;
import io.millrace.topology.record.FaultCounter;
import io.millrace.topology.record.MissingValues;
import io.millrace.topology.record.ServingEvent;
import io.millrace.topology.record.TaskMetrics;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Answers each request with one {@link AnswerEvent} from the newest weights. A request that cannot be used gets the answer BAD_INPUT and
 * also goes to the dead letters. A request goes only to the dead letters if no answer can have its key and headers: they are too large, or
 * the answers' topic demands a key and the request has none.
 */
public final class PredictProcessor implements FixedKeyProcessor<byte[], byte[], ServingEvent> {
    /** The answer has the key and the headers of its request, and must fit into a record. */
    private static final int MAX_BORNE_BYTES = 500_000;

    private static final double MOST_BORNE = 0.48; // of the maximum size of a record

    private final LiveModel liveModel;
    private final OutputTopic answers;
    private final OutputTopic letters;
    private final Input input;
    private final String requests;
    private Declaration declaration; // of the model that answers, or of the configuration while there is none
    private RequestDecoder decoder;
    private int unfitBefore; // schemas that earlier decoders found
    private FixedKeyProcessorContext<byte[], ServingEvent> context;
    private DeadLetters<byte[]> deadLetters;
    private FaultCounter unfitSchemas;
    private TaskMetrics metrics;
    private AnswerMetrics answered;
    private MissingValues missing;
    private ReplicaMean replicas = new ReplicaMean(LiveModel.Replicas.of(List.of()));

    public PredictProcessor(
            LiveModel liveModel, MillraceConfig config, Input input, OutputTopic answers, OutputTopic letters) {
        this.liveModel = liveModel;
        this.answers = answers;
        this.letters = letters;
        this.input = input;
        requests = config.topics().features();
        declaration = config.learner().declaration();
        decoder = input.requests(requests, declaration);
    }

    @Override
    public void init(FixedKeyProcessorContext<byte[], ServingEvent> context) {
        this.context = context;
        deadLetters = new DeadLetters<>(
                context,
                key -> key,
                letters,
                letter -> context.forward(letter.withTimestamp(context.currentSystemTimeMs())));
        unfitSchemas = new FaultCounter(context, FaultCounter.UNFIT_SCHEMAS);
        metrics = TaskMetrics.of(context, "answers");
        answered = new AnswerMetrics(metrics, "topic");
        missing = new MissingValues(metrics);
        missing.follow(declaration, decoder.missing());
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        long begun = System.nanoTime();
        if (replicas.of() != liveModel.replicas()) {
            replicas = replicas.next(liveModel.replicas());
            decodeForTheModel();
        }
        BadInputException unanswerable = unanswerable(record);
        if (unanswerable != null) {
            deadLetters.forward(record, Place.of(context), unanswerable);
            return;
        }
        AnswerEvent answer = answer(record);
        context.forward(timed(record.withValue(answer)));
        answered.answered(answer.record().getStatus(), 1);
        answered.took(System.nanoTime() - begun);
        unfitSchemas.countTo(unfitBefore + decoder.unfitSchemas());
    }

    /** The model says how records become features, so that serving never transforms them in another way than training did. */
    private void decodeForTheModel() {
        Declaration needed = replicas.isEmpty() ? declaration : replicas.model().declaration();
        if (!Objects.equals(needed, declaration)) {
            declaration = needed;
            unfitBefore += decoder.unfitSchemas();
            decoder = input.requests(requests, declaration);
            missing.follow(declaration, decoder.missing());
        }
    }

    /** Why no answer can have the key and the headers of a request; null if one can. */
    private BadInputException unanswerable(FixedKeyRecord<byte[], byte[]> record) {
        if (record.key() == null && answers.demandsKeys()) {
            return new BadInputException(
                    BadInputCause.KEY,
                    "the request has no key, and topic " + answers.name()
                            + " is compacted: it takes no answer without one");
        }
        int keyBytes = record.key() == null ? 0 : record.key().length;
        int headerBytes = DeadLetter.bytes(record.headers());
        return keyBytes + headerBytes > Math.min(MAX_BORNE_BYTES, MOST_BORNE * answers.maxBytes())
                ? new BadInputException(
                        BadInputCause.SIZE,
                        "the key has " + keyBytes + " bytes, the headers have " + headerBytes
                                + ": an answer would be too large")
                : null;
    }

    /**
     * The answer with the timestamp of its request. If the brokers do not accept that, it has the current time, and a header holds the
     * timestamp of the request.
     */
    private FixedKeyRecord<byte[], AnswerEvent> timed(FixedKeyRecord<byte[], AnswerEvent> answer) {
        long timestamp = answers.within(answer.timestamp(), context.currentSystemTimeMs());
        return timestamp == answer.timestamp()
                ? answer
                : answer.withTimestamp(timestamp).withHeaders(DeadLetter.timed(answer.headers(), answer.timestamp()));
    }

    private AnswerEvent answer(FixedKeyRecord<byte[], byte[]> record) {
        try {
            InputRow row = decoder.decode(record.key(), record.value(), record.headers(), record.timestamp());
            return replicas.isEmpty()
                    ? unanswered(PredictionStatus.NO_MODEL, "no snapshot of the model has arrived yet")
                    : AnswerEvent.of(
                            liveModel.name(),
                            replicas.of().version(),
                            replicas.model(),
                            replicas.answer(row, decoder.eventTime(record.timestamp())));
        } catch (BadInputException e) {
            deadLetters.forward(record, Place.of(context), e);
            return unanswered(PredictionStatus.BAD_INPUT, e.getMessage());
        }
    }

    private AnswerEvent unanswered(PredictionStatus status, String reason) {
        int most = Math.min(DeadLetter.MAX_CAUSE_CHARS, answers.maxBytes() / 16);
        return AnswerEvent.without(
                status, liveModel.name(), replicas.of().version(), DeadLetter.abbreviated(reason, most));
    }

    @Override
    public void close() {
        deadLetters.close();
        unfitSchemas.close();
        metrics.close();
    }
}
