package io.millrace.cli.demo;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.record.DeadLetterInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the output of a demo's applications, like any consumer: reports, answers and dead letters. For one thread. */
final class DemoWatch implements AutoCloseable {
    private final MillraceConfig config;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<ValidationLoss> reports;
    private final Deserializer<Prediction> answers;
    private final DemoStream stream;
    private final ServedScore served;
    private final Map<Integer, ValidationLoss> newest = new TreeMap<>();
    private final List<Double> losses = new ArrayList<>();
    private final Map<PredictionStatus, Long> answered = new EnumMap<>(PredictionStatus.class);
    private final HoldoutScore heldOut = new HoldoutScore();
    private final RefusedExamples refused = new RefusedExamples();

    /** @param served judges the answers to the rows of the stream */
    DemoWatch(MillraceConfig config, AvroSerdes serdes, DemoStream stream, ServedScore served) {
        this.config = config;
        this.stream = stream;
        this.served = served;
        reports = serdes.valueSerde(ValidationLoss.class).deserializer();
        answers = serdes.valueSerde(Prediction.class).deserializer();
        Map<String, Object> settings = StreamsProperties.committedReader(config);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000"); // there are thousands of answers
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(
                config.topics().validationLosses(),
                config.topics().predictions(),
                config.topics().deadLetters())) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    void poll(Duration timeout) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            if (record.topic().equals(config.topics().validationLosses())) {
                ValidationLoss report = reports.deserialize(record.topic(), record.value());
                newest.put(report.getPartition(), report);
                losses.add(report.getLoss());
                heldOut.add(report);
            } else if (record.topic().equals(config.topics().predictions())) {
                Prediction answer = answers.deserialize(record.topic(), record.value());
                answered.merge(answer.getStatus(), 1L, Long::sum);
                served.add(stream.row(record.timestamp()), answer);
            } else {
                DeadLetterInfo refusal = DeadLetterInfo.of(record.headers());
                if (refusal.topic().equals(config.topics().examples())) { // a bad request has its answer
                    refused.add(refusal, record.headers());
                }
            }
        }
    }

    /** Reads everything that is committed by now. */
    void readToEnd(Duration poll) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll(poll);
        }
    }

    /** Examples learned by all replicas, according to their reports. */
    long learned() {
        return learnedByPartition().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Examples learned by each replica that has reported, according to its reports. */
    Map<Integer, Long> learnedByPartition() {
        Map<Integer, Long> learned = new TreeMap<>();
        newest.forEach((partition, report) -> learned.put(partition, report.getExamples()));
        return learned;
    }

    /** A faded metric, averaged over the replicas; NaN before the first report. */
    double faded(String metric) {
        return newest.values().stream()
                .mapToDouble(report -> report.getFadedMetrics().get(metric))
                .average()
                .orElse(Double.NaN);
    }

    /** The experts of an ensemble in the newest report, of the replica that reported most; empty for a network. */
    List<ExpertReport> experts() {
        return newest.values().stream()
                .max(Comparator.comparingLong(ValidationLoss::getExamples))
                .map(ValidationLoss::getExperts)
                .orElse(List.of());
    }

    /** Mean losses of the reports, in order of arrival. */
    List<Double> losses() {
        return losses;
    }

    /** Holdout metrics of all replicas, according to their reports. */
    HoldoutScore heldOut() {
        return heldOut;
    }

    /** Answers by status. */
    Map<PredictionStatus, Long> answered() {
        return answered;
    }

    long answers() {
        return answered.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What the answers were worth. */
    ServedScore served() {
        return served;
    }

    /** Examples in the dead letters. */
    RefusedExamples refused() {
        return refused;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
