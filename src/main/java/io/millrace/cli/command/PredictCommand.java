package io.millrace.cli.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.console.Warnings;
import io.millrace.cli.csv.CsvTable;
import io.millrace.cli.topic.OwnRecords;
import io.millrace.cli.topic.RecordEncoders;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends the rows of a CSV file, or records of a user's own, as requests and prints the answers as CSV, in their order. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Sends the rows of a CSV file, or records in JSON if features are declared, as requests and prints the answers as CSV, in their order.")
public final class PredictCommand implements Callable<Integer> {
    private static final String HEADER = "millrace.request";
    private static final int WINDOW = 1000;

    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private RecordOptions own;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "CSV with a header row, gzip or plain: every column is a feature.")
    private Path file;

    @Option(
            names = "--drop",
            paramLabel = "COLUMN[,COLUMN...]",
            description = "Columns that are not features, such as the label in a file of examples.")
    private String drop;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for an answer. Default: ${DEFAULT-VALUE}.")
    private long timeoutSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        MillraceConfig config = configuration.load();
        boolean declared = own.given(config, file);
        if (declared && drop != null) {
            throw new UsageException("--drop applies to --csv: fields that are not declared do no harm.");
        }
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            return declared ? askRecords(config, serdes) : askRows(config, serdes);
        }
    }

    private static void requireTopics(MillraceConfig config, AvroSerdes serdes) {
        new ClusterCheck(
                        config,
                        List.of(config.topics().features(), config.topics().predictions()))
                .require(serdes);
    }

    private int askRows(MillraceConfig config, AvroSerdes serdes) throws IOException {
        try (CsvTable table = drop == null ? CsvTable.unlabelled(file) : CsvTable.labelled(file, drop)) {
            Warnings.print(spec, table.warnings());
            requireTopics(config, serdes);
            String topic = config.topics().features();
            Serializer<Features> serializer = serdes.valueSerde(Features.class).serializer();
            return ask(config, serdes, table.iterator(), row -> {
                byte[] value = serializer.serialize(topic, row.request());
                return new Request(new ProducerRecord<>(topic, value), row.fault() == null ? null : row.place());
            });
        }
    }

    private int askRecords(MillraceConfig config, AvroSerdes serdes) throws IOException {
        requireTopics(config, serdes);
        try (OwnRecords records = own.open(RecordEncoders.ofRequests(config, serdes))) {
            return ask(
                    config,
                    serdes,
                    records,
                    record -> new Request(
                            record.fault() == null ? record.to(config.topics().features(), null) : null,
                            record.fault()));
        }
    }

    /**
     * A request.
     *
     * @param record null: it cannot be written, and is not sent
     * @param fault what is wrong with it, as far as the command knows; null if nothing is
     */
    private record Request(ProducerRecord<byte[], byte[]> record, String fault) {}

    private <T> int ask(MillraceConfig config, AvroSerdes serdes, Iterator<T> rows, Function<T, Request> requests)
            throws IOException {
        byte[] session = ByteBuffer.allocate(Long.BYTES)
                .putLong(Uuid.randomUuid().getMostSignificantBits())
                .array();
        CsvWriter out = CsvWriter.builder().build(spec.commandLine().getOut());
        try (KafkaConsumer<byte[], Prediction> consumer = new KafkaConsumer<>(
                        StreamsProperties.committedReader(config),
                        new ByteArrayDeserializer(),
                        serdes.valueSerde(Prediction.class).deserializer());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Clients.promptProducer(config), new ByteArraySerializer(), new ByteArraySerializer())) {
            seekToEnd(consumer, config.topics().predictions());
            out.writeRecord("row", "status", "class", "scores", "modelVersion", "reason");
            Prediction[] answers = new Prediction[WINDOW];
            String[] faults = new String[WINDOW]; // reasons that the command knows, by row
            long first = 0;
            long predicted = 0;
            String firstReason = null;
            int waiting = 0;
            int unanswered = 0;
            while (rows.hasNext()) {
                Request request = requests.apply(rows.next());
                faults[waiting] = request.fault();
                answers[waiting] = null;
                if (request.record() == null) {
                    answers[waiting] = refused(config, request.fault());
                } else {
                    request.record().headers().add(HEADER, correlation(session, first + waiting));
                    producer.send(request.record());
                    unanswered++;
                }
                waiting++;
                if (waiting == WINDOW || !rows.hasNext()) {
                    await(consumer, session, first, answers, unanswered);
                    predicted += print(out, first, answers, faults, waiting);
                    firstReason = firstReason == null ? reason(answers[0], faults[0]) : firstReason;
                    first += waiting;
                    waiting = 0;
                    unanswered = 0;
                }
            }
            if (first > 0 && predicted == 0) {
                throw new FailedException(
                        "None of the " + first + " rows has a prediction; the first: " + firstReason + ".");
            }
        }
        return ExitCode.OK;
    }

    private static Prediction refused(MillraceConfig config, String fault) {
        return new Prediction(PredictionStatus.BAD_INPUT, List.of(), null, null, config.modelName(), 0L, fault);
    }

    private static void seekToEnd(KafkaConsumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position); // seeks are lazy: do it before any answer can arrive
    }

    private static byte[] correlation(byte[] session, long row) {
        return ByteBuffer.allocate(session.length + Long.BYTES)
                .put(session)
                .putLong(row)
                .array();
    }

    private void await(
            KafkaConsumer<byte[], Prediction> consumer,
            byte[] session,
            long first,
            Prediction[] answers,
            int expected) {
        long begun = System.nanoTime();
        for (int received = 0; received < expected; ) {
            if ((System.nanoTime() - begun) / 1e9 > timeoutSeconds) {
                throw new FailedException(expected - received + " of " + expected + " requests had no answer within "
                        + timeoutSeconds + " s. Does an instance serve (millrace run --role serve)?");
            }
            for (ConsumerRecord<byte[], Prediction> record : consumer.poll(Duration.ofMillis(100))) {
                Header header = record.headers().lastHeader(HEADER);
                if (header == null || !Arrays.equals(session, Arrays.copyOf(header.value(), session.length))) {
                    continue; // the answer to another client's request
                }
                long row = ByteBuffer.wrap(header.value()).getLong(session.length) - first;
                if (row >= 0 && answers[(int) row] == null) { // serving delivers answers at least once
                    answers[(int) row] = record.value();
                    received++;
                }
            }
        }
    }

    /** Prints answers and counts the predictions among them. */
    private static long print(CsvWriter out, long first, Prediction[] answers, String[] faults, int count)
            throws IOException {
        long predicted = 0;
        for (int i = 0; i < count; i++) {
            Prediction answer = answers[i];
            predicted += answer.getStatus() == PredictionStatus.OK ? 1 : 0;
            out.writeRecord(
                    String.valueOf(first + i + 1),
                    answer.getStatus().toString(),
                    answer.getClassName(),
                    answer.getScores().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                    String.valueOf(answer.getModelVersion()),
                    reason(answer, faults[i]));
        }
        out.flush();
        return predicted;
    }

    /** For a row that cannot be read, the reader gives a more exact reason than the model. */
    private static String reason(Prediction answer, String fault) {
        return answer.getStatus() == PredictionStatus.BAD_INPUT && fault != null ? fault : answer.getReason();
    }
}
