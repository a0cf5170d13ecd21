package io.millrace.cli.topic;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.inference.FieldKind;
import io.millrace.cli.inference.InferredField;
import io.millrace.feature.Path;
import io.millrace.feature.ValueFormat;
import io.millrace.records.AvroSerdes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the newest records of a topic are: their format, their fields, and how these should be declared. */
public final class TopicSurvey {
    private static final int FEW_RECORDS = 10; // with fewer, nothing is certain
    private static final int MOST_SHOWN = 20;

    /**
     * A field that is no label.
     *
     * @param inferred how it should be declared
     */
    record Surveyed(SurveyedField field, InferredField inferred) {
        String declaration() {
            return inferred.declaration(field.path().toString());
        }
    }

    private final String topic;
    private final TopicSample sample;
    private final SampleReader reader;
    private final List<SurveyedField> labels = new ArrayList<>();
    private final List<Surveyed> features = new ArrayList<>();
    private final List<Surveyed> leftOut = new ArrayList<>();
    private final Surveyed key;
    private final FieldSurvey survey;
    private final List<String> remarks = new ArrayList<>();

    /**
     * Reads the records.
     *
     * @param labels paths of the fields that are to be predicted; empty if this is not known
     * @throws FailedException if there are too few records, or if they cannot be read
     * @throws UsageException if there is no field that is to be predicted
     */
    public TopicSurvey(String topic, TopicSample sample, AvroSerdes serdes, List<String> labels) {
        this.topic = topic;
        this.sample = sample;
        List<ConsumerRecord<byte[], byte[]>> records = sample.records();
        requireRecords(records.size(), "");
        reader = new SampleReader(topic, serdes, records);
        survey = new FieldSurvey(labels, records.size());
        key = readAll(records);
        sort(labels);
        if (!survey.wide().isEmpty()) {
            remarks.add("Left out because they have too many members: " + String.join(", ", survey.wide())
                    + ". Declare those that say something.");
        }
        if (survey.isCut()) {
            remarks.add("The records have more fields than the "
                    + survey.fields().size() + " that were looked at. Declare others that say something.");
        }
    }

    private void requireRecords(int count, String what) {
        if (count == 0 && what.isEmpty()) {
            throw new FailedException(
                    topic + " has no record with a value yet. Start its producers, and run init again.");
        }
        if (count < FEW_RECORDS) {
            throw new FailedException(topic + " has " + count + (count == 1 ? " record" : " records") + what
                    + ", too few to tell what its fields are: init needs " + FEW_RECORDS + ".");
        }
    }

    private Surveyed readAll(List<ConsumerRecord<byte[], byte[]>> records) {
        SurveyedField keys = new SurveyedField(new Path(Path.Source.KEY, List.of()), records.size() + 1);
        int read = 0;
        String first = "";
        for (ConsumerRecord<byte[], byte[]> record : records) {
            keys.add(text(record.key()), null);
            try {
                survey.add(reader.read(record.value()));
                read++;
            } catch (IllegalArgumentException e) {
                first = first.isEmpty()
                        ? "partition " + record.partition() + ", offset " + record.offset() + ": " + e.getMessage()
                        : first;
            }
        }
        requireRecords(read, " that can be read" + (first.isEmpty() ? "" : " (" + first + ")"));
        if (read < records.size()) {
            remarks.add((records.size() - read) + " of the records cannot be read; the first is " + first + ".");
        }
        return new Surveyed(keys, keys.inferred(false));
    }

    /** A key as text; null if it is none. */
    private static String text(byte[] key) {
        try {
            String text = key == null
                    ? null
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(key))
                            .toString();
            return text == null || text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private void sort(List<String> wanted) {
        Map<String, SurveyedField> fields = survey.fields();
        for (String label : wanted) {
            SurveyedField field = fields.get(label);
            if (field == null) {
                throw new UsageException("--label: there is no field \"" + label + "\" in " + topic + "; it has "
                        + shown(List.copyOf(fields.keySet())) + ".");
            }
            labels.add(field);
        }
        fields.forEach((path, field) -> {
            if (!wanted.contains(path)) {
                Surveyed surveyed =
                        new Surveyed(field, field.inferred(SchemaPaths.isNullable(reader.schema(), field.path())));
                (surveyed.inferred().kind().leftOut() ? leftOut : features).add(surveyed);
            }
        });
    }

    private static String shown(List<String> names) {
        return names.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                + (names.size() > MOST_SHOWN ? " and " + (names.size() - MOST_SHOWN) + " others" : "");
    }

    /**
     * The labels.
     *
     * @throws UsageException if none is named, with the fields that could be it
     * @throws FailedException if they cannot be labels, or if there is nothing to learn from
     */
    FoundLabel label() {
        if (labels.isEmpty()) {
            List<String> candidates = features.stream()
                    .filter(one -> !one.field().isMany()
                            && one.inferred().kind() != FieldKind.TIME
                            && one.inferred().kind() != FieldKind.WORDS)
                    .map(one -> one.field().path() + " (" + one.inferred().reason() + ")")
                    .toList();
            throw new UsageException("--label is missing: it names the field that is to be predicted. "
                    + (candidates.isEmpty()
                            ? "No field of " + topic + " seems to be fit for it."
                            : "Fields of " + topic + " that could be it: " + shown(candidates) + "."));
        }
        if (features.isEmpty()) {
            throw new FailedException(topic + " has no field to learn from: "
                    + shown(leftOut.stream()
                            .map(one ->
                                    one.field().path() + " " + one.inferred().reason())
                            .toList())
                    + ".");
        }
        return FoundLabel.of(labels, reader.schema());
    }

    String topic() {
        return topic;
    }

    TopicSample sample() {
        return sample;
    }

    ValueFormat format() {
        return reader.format();
    }

    /** The topic and its records in a line. */
    public String title() {
        return topic + ": the newest " + sample.records().size() + " records of " + sample.partitions()
                + (sample.partitions() == 1 ? " partition" : " partitions") + ", " + reader.description();
    }

    List<String> labelPaths() {
        return labels.stream().map(field -> field.path().toString()).toList();
    }

    /** The fields that should be features. */
    List<Surveyed> features() {
        return features;
    }

    /** The fields that should be none. */
    List<Surveyed> leftOut() {
        return leftOut;
    }

    /** The key as a feature; null if it says nothing. */
    Surveyed key() {
        return key.inferred().kind().leftOut() ? null : key;
    }

    /** What else there is to say, sentences. */
    List<String> remarks() {
        return remarks;
    }
}
