package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.feature.Path;
import io.millrace.feature.RowWriter;
import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Moment;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.TimeScale;
import io.millrace.feature.value.Value;
import io.millrace.feature.value.Zone;
import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.Task;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Decodes records with declared features. After {@link #decode}, the other methods give what the record says, until the next one. For one
 * thread. Allocates nothing for a record in Avro, except for texts of fractions.
 */
public final class DeclaredDecoder {
    private static final int NANOS_OF_MS = 1_000_000;

    /** What a record is. */
    public enum Outcome {
        /** An example or a request. */
        COMPLETE,
        /** No example: it has no value, as a deletion has in a compacted topic. */
        NO_VALUE,
        /** No example: its label is null. */
        NO_LABEL
    }

    /**
     * What labels mean.
     *
     * @param task the task of the model
     * @param classes names of the classes or labels; empty for regression
     */
    public record Target(Task task, List<String> classes) {}

    private final FieldTree tree = new FieldTree();
    private final RecordValues values;
    private final RowWriter writer;
    private final InputRow row;
    private final LabelReader labels; // null: requests have none
    private final DeclaredField weightField; // null: none
    private final DeclaredField timeField; // null: none
    private final Zone zone;
    private final Moment moment = new Moment();
    private final Slot keySlot; // null: not declared
    private final Slot timestampSlot;
    private final String[] headerNames;
    private final Slot[] headerSlots;
    private float[] target;
    private float weight;
    private long eventTime;

    private DeclaredDecoder(Declaration declaration, Target target, Function<FieldNode, RecordValues> format) {
        writer = new RowWriter(declaration.features(), tree::slot);
        row = new InputRow(declaration.features().layout());
        labels = target == null ? null : new LabelReader(declaration.labels(), tree, target.task(), target.classes());
        weightField =
                target == null || declaration.weight() == null ? null : new DeclaredField(declaration.weight(), tree);
        boolean timed = target != null || declaration.features().readsEventTime();
        timeField = declaration.eventTime() == null || !timed
                ? null
                : new DeclaredField(declaration.eventTime().field(), tree);
        zone = declaration.eventTime() == null
                ? Zone.UTC
                : declaration.eventTime().zone();
        tree.close();
        values = format.apply(tree.root());
        Map<Path, Slot> others = tree.others();
        keySlot = others.remove(new Path(Path.Source.KEY, List.of()));
        timestampSlot = others.remove(new Path(Path.Source.TIMESTAMP, List.of()));
        headerNames =
                others.keySet().stream().map(path -> path.steps().get(0).name()).toArray(String[]::new);
        headerSlots = others.values().toArray(Slot[]::new);
    }

    /**
     * A decoder of Avro.
     *
     * @param target null for requests, whose label and weight are not read
     * @param schemas gives the writer's schema of an id; what it throws, {@link #decode} throws
     */
    public static DeclaredDecoder avro(Declaration declaration, Target target, IntFunction<Schema> schemas) {
        return new DeclaredDecoder(declaration, target, root -> new AvroValues(root, schemas));
    }

    /**
     * A decoder of JSON.
     *
     * @param target null for requests, whose label and weight are not read
     */
    public static DeclaredDecoder json(Declaration declaration, Target target) {
        return new DeclaredDecoder(declaration, target, JsonValues::new);
    }

    /**
     * Decodes a record.
     *
     * @param key null when the record has none
     * @param value null when the record has none; not copied
     * @param timestamp of the record, ms
     * @throws BadInputException with a sentence, when the record cannot be used
     */
    public Outcome decode(byte[] key, byte[] value, Headers headers, long timestamp) {
        if (value == null) {
            return Outcome.NO_VALUE;
        }
        tree.clear();
        values.decode(value, headers);
        setOthers(key, headers, timestamp);
        row.record(value);
        BadInputCause read = BadInputCause.LABEL;
        try {
            if (labels != null && labels.isMissing()) {
                return Outcome.NO_LABEL;
            }
            read = BadInputCause.WEIGHT;
            weight = readWeight();
            read = BadInputCause.TIME;
            eventTime = readEventTime(timestamp);
            read = BadInputCause.FEATURE;
            writer.write(eventTime, row);
            read = BadInputCause.LABEL;
            target = labels == null ? null : labels.read();
        } catch (BadValueException e) {
            throw new BadInputException(read, e.getMessage());
        }
        return Outcome.COMPLETE;
    }

    private void setOthers(byte[] key, Headers headers, long timestamp) {
        if (keySlot != null && key != null) {
            keySlot.add().text(key, 0, key.length);
        }
        if (timestampSlot != null) {
            timestampSlot.add().whole(timestamp, TimeScale.MILLIS);
        }
        for (int i = 0; i < headerNames.length; i++) {
            Header header = headers.lastHeader(headerNames[i]);
            if (header != null && header.value() != null) {
                headerSlots[i].add().text(header.value(), 0, header.value().length);
            }
        }
    }

    private float readWeight() {
        Value found = weightField == null ? null : weightField.get();
        return found == null ? 1 : (float) found.number(weightField.name());
    }

    private long readEventTime(long timestamp) {
        Value found = timeField == null ? null : timeField.get();
        if (found == null) {
            return timestamp;
        }
        moment.read(found, timeField.name());
        if (!moment.hasDate()) {
            throw new BadValueException(timeField.name() + " is " + found.shown() + ", a time of day without a date");
        }
        return moment.epochSecond(zone) * 1000 + moment.nano() / NANOS_OF_MS;
    }

    /** The inputs; the same object for all records. */
    public InputRow row() {
        return row;
    }

    /** See {@link RowWriter#missing}. */
    public AtomicLongArray missing() {
        return writer.missing();
    }

    /** The label as the loss takes it; null in a request. */
    public float[] target() {
        return target;
    }

    /** The weight of an example. */
    public float weight() {
        return weight;
    }

    /** The event time, ms. A request's is the timestamp of its record, unless a feature depends on the declared one. */
    public long eventTime() {
        return eventTime;
    }
}
