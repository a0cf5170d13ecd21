package io.millrace.topology.audit;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.record.DeadLetter.Place;
import io.millrace.topology.record.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Checks the learning log against the examples: each of its records is byte for byte the record that its header names, each once, in the
 * order of its partition, and none in between is missing. It reads the log and the examples once, side by side, and writes nothing.
 */
public final class SourceCheck implements AutoCloseable {
    private static final int MOST_SENTENCES = 20;

    private final MillraceConfig config;
    private final CommittedRecords log;
    private final Map<Integer, SourceRecords> sources = new HashMap<>(); // by partition
    private final Map<Integer, Long> next = new HashMap<>(); // by partition: the offset after the last copy
    private final Map<Integer, Long> gone = new TreeMap<>(); // by partition: copies whose source is deleted
    private final List<String> faults = new ArrayList<>();
    private long copies;
    private long compared;
    private long otherTopics;
    private long leftOut;
    private long moreFaults;

    /** @param config names brokers and topics */
    public SourceCheck(MillraceConfig config) {
        this.config = config;
        log = new CommittedRecords(config, config.topics().learningLog());
    }

    /** Compares all that exists now. The partition of the result is that of the log. */
    public VerificationResult check() {
        String id = SourceRecords.topicId(config);
        log.forEach(copy -> compare(copy, id));
        List<String> sentences = new ArrayList<>(faults);
        if (moreFaults > 0) {
            sentences.add(String.format(Locale.ROOT, "%,d more of this kind", moreFaults));
        }
        sentences.add(summary());
        return new VerificationResult(0, faults.isEmpty(), sentences);
    }

    private void compare(ConsumerRecord<byte[], byte[]> copy, String id) {
        copies++;
        Source source = Source.of(copy.headers());
        if (source == null) {
            fault("the record at offset " + copy.offset() + " of " + copy.topic() + " does not name a source");
            return;
        }
        Place place = source.place();
        if (!place.topic().equals(config.topics().examples())
                || !source.topicId().equals(id)) {
            otherTopics++;
            return;
        }
        SourceRecords records = sources.computeIfAbsent(
                place.partition(), partition -> new SourceRecords(config, partition, place.offset()));
        long expected = next.getOrDefault(place.partition(), place.offset());
        if (place.offset() < expected) {
            fault(said(copy, place) + ", which is copied already, or out of order");
            return;
        }
        next.put(place.partition(), place.offset() + 1);
        ConsumerRecord<byte[], byte[]> record = records.next();
        while (record != null && record.offset() < place.offset()) {
            fault(new Place(place.topic(), place.partition(), record.offset()) + " was never copied");
            records.advance();
            record = records.next();
        }
        if (record == null || record.offset() > place.offset()) {
            if (place.offset() < records.beginning()) {
                gone.merge(place.partition(), 1L, Long::sum);
            } else {
                fault(said(copy, place) + ", which does not exist");
            }
            return;
        }
        records.advance();
        if (source.leftOut() > 0) {
            leftOut++;
            return;
        }
        String difference = difference(record, copy, source);
        if (difference == null) {
            compared++;
        } else {
            fault(said(copy, place) + ", but has another " + difference);
        }
    }

    private static String said(ConsumerRecord<byte[], byte[]> copy, Place place) {
        return "the record at offset " + copy.offset() + " of " + copy.topic() + " says that it is " + place;
    }

    /** What differs; null when nothing does. */
    private static String difference(
            ConsumerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> copy, Source source) {
        if (!Arrays.equals(record.key(), copy.key())) {
            return "key";
        }
        if (!Arrays.equals(record.value(), copy.value())) {
            return "value";
        }
        if (record.timestamp() >= 0 && record.timestamp() != source.timestamp()) {
            return "timestamp";
        }
        return Arrays.equals(
                        record.headers().toArray(),
                        Source.without(copy.headers()).toArray())
                ? null
                : "headers";
    }

    private void fault(String sentence) {
        if (faults.size() < MOST_SENTENCES) {
            faults.add(sentence);
        } else {
            moreFaults++;
        }
    }

    private String summary() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %,d records, %,d of them are byte for byte the records of %s that they name",
                config.topics().learningLog(),
                copies,
                compared,
                config.topics().examples()));
        gone.forEach((partition, count) -> text.append(String.format(
                Locale.ROOT,
                ", %,d cannot be compared because retention has deleted those of partition %d",
                count,
                partition)));
        if (otherTopics > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    ", %,d are of a topic that was deleted or is not the one of the examples",
                    otherTopics));
        }
        if (leftOut > 0) {
            text.append(String.format(Locale.ROOT, ", %,d were too large to be copied", leftOut));
        }
        return text.toString();
    }

    @Override
    public void close() {
        log.close();
        sources.values().forEach(SourceRecords::close);
    }
}
