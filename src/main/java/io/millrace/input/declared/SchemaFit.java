package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.feature.Feature;
import io.millrace.feature.Field;
import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import io.millrace.feature.ValueFormat;
import io.millrace.feature.value.TimeScale;
import io.millrace.feature.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Compares a declaration with an Avro schema: finds declared fields that are not there, have many values or another type. */
public final class SchemaFit {
    private static final int MOST_NAMES = 20;

    private final String holder;
    private final List<String> problems = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();

    private SchemaFit(String holder) {
        this.holder = holder;
    }

    /**
     * Checks all declared fields.
     *
     * @param topic the topic whose records have this schema
     * @param labelled whether the records are examples; requests need no label and no weight
     */
    public static SchemaFindings check(String topic, int id, Schema schema, Declaration declaration, boolean labelled) {
        SchemaFit fit = new SchemaFit(topic + " (schema " + id + ")");
        fit.check(schema, declaration, labelled);
        return new SchemaFindings(id, fit.problems, fit.absent);
    }

    /**
     * Compares the format of records with {@code value.format}.
     *
     * @param type the type of the schema as the registry names it: {@code AVRO}, {@code JSON}, {@code PROTOBUF}
     * @return a sentence; null if the format is right
     */
    public static String formatProblem(String topic, int id, String type, ValueFormat format) {
        if (type.equals(format.name())) {
            return null;
        }
        String shown = type.equals("PROTOBUF") ? "Protobuf" : type.equals("AVRO") ? "Avro" : type;
        String advice = type.equals("AVRO") || type.equals("JSON")
                ? "Set value.format=" + ValueFormat.valueOf(type).id() + "."
                : "Millrace reads Avro and JSON.";
        return topic + " holds " + shown + " (schema " + id + "). " + advice;
    }

    private void check(Schema schema, Declaration declaration, boolean labelled) {
        for (Feature feature : declaration.features().features()) {
            Found found = find(schema, feature.field());
            if (found != null) {
                checkFeature(feature, found);
            }
        }
        if (labelled) {
            declaration.labels().forEach(label -> checkOne(schema, label, "a label", true));
            if (declaration.weight() != null) {
                checkOne(schema, declaration.weight(), "a weight", false);
            }
        }
        boolean timed = labelled || declaration.features().readsEventTime();
        if (declaration.eventTime() != null && timed) {
            checkOne(schema, declaration.eventTime().field(), "an event time", false);
        }
    }

    private void checkFeature(Feature feature, Found found) {
        String type = feature.type().toString().replaceFirst("\\(.*", "");
        String name = feature.field().name();
        if (found.many && !feature.type().readsArrays()) {
            problems.add(name + " has many values in " + holder + "; only set takes many.");
        } else if (found.leaves.stream().allMatch(leaf -> kind(leaf) == Value.Kind.RECORD)) {
            problems.add(recordProblem(name, found));
        } else if (found.leaves.stream().noneMatch(leaf -> feature.type().reads(kind(leaf)))) {
            problems.add("\"" + name + "\" is " + shown(found) + " in " + holder + ", which " + type
                    + " does not take. Write " + name + ": " + advised(found) + ".");
        } else if (type.equals("time")
                && !feature.type().toString().startsWith("time(hour,")
                && found.leaves.stream().allMatch(SchemaFit::isTimeOfDay)) {
            problems.add("\"" + name + "\" is " + shown(found) + " in " + holder
                    + ", which has an hour and no date. Write " + name + ": time(hour).");
        }
    }

    private static boolean isTimeOfDay(Schema leaf) {
        TimeScale scale = AvroTimes.of(leaf);
        return scale == TimeScale.MILLIS_OF_DAY || scale == TimeScale.MICROS_OF_DAY;
    }

    private void checkOne(Schema schema, Field field, String what, boolean text) {
        Found found = find(schema, field);
        if (found == null) {
            return;
        }
        String name = field.name();
        if (found.many) {
            problems.add(name + " has many values in " + holder + "; " + what + " is one.");
        } else if (found.leaves.stream().allMatch(leaf -> kind(leaf) == Value.Kind.RECORD)) {
            problems.add(recordProblem(name, found));
        } else if (!text && found.leaves.stream().allMatch(leaf -> kind(leaf) == Value.Kind.BOOLEAN)) {
            problems.add("\"" + name + "\" is boolean in " + holder + " and cannot be " + what + ".");
        }
    }

    private String recordProblem(String name, Found found) {
        String fields = found.leaves.stream()
                .filter(leaf -> leaf.getType() == Schema.Type.RECORD)
                .flatMap(leaf -> leaf.getFields().stream())
                .limit(3)
                .map(inner -> name + "." + inner.name())
                .collect(Collectors.joining(", "));
        return "\"" + name + "\" is a " + (fields.isEmpty() ? "map" : "record") + " in " + holder
                + (fields.isEmpty()
                        ? ". Name one of its keys: " + name + ".key."
                        : ". Name one of its fields: " + fields + ".");
    }

    private static String shown(Found found) {
        return found.leaves.stream()
                .map(leaf -> leaf.getLogicalType() == null
                        ? leaf.getType().getName()
                        : leaf.getLogicalType().getName())
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    private static String advised(Found found) {
        return switch (kind(found.leaves.get(0))) {
            case BOOLEAN -> "flag";
            case TEXT, BYTES -> "category";
            default -> "number";
        };
    }

    /** The form of values of a schema. */
    private static Value.Kind kind(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN -> Value.Kind.BOOLEAN;
            case INT, LONG -> Value.Kind.WHOLE;
            case FLOAT, DOUBLE -> Value.Kind.REAL;
            case STRING, ENUM -> Value.Kind.TEXT;
            case BYTES, FIXED -> ofBytes(schema);
            case NULL -> Value.Kind.MISSING;
            default -> Value.Kind.RECORD;
        };
    }

    private static Value.Kind ofBytes(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal) {
            return Value.Kind.DECIMAL;
        }
        return schema.getLogicalType() == null ? Value.Kind.BYTES : Value.Kind.TEXT;
    }

    /** What a schema has at the paths of a field: the schemas of values, without null. */
    private static final class Found {
        private final List<Schema> leaves = new ArrayList<>();
        private boolean many;
        private Schema lacking; // the record that lacks a field of the path
    }

    /** @return null if there is nothing, which is noted */
    private Found find(Schema schema, Field field) {
        Found found = new Found();
        for (Path path : field.paths()) {
            if (path.source() != Path.Source.VALUE) {
                return null; // any record has it or not, whatever its schema
            }
            find(schema, path.steps(), 0, found);
        }
        if (!found.leaves.isEmpty()) {
            return found;
        }
        String sentence = "\"" + field.name() + "\" is not in " + holder + names(found.lacking) + ".";
        (field.optional() ? absent : problems).add(sentence);
        return null;
    }

    private static void find(Schema schema, List<Step> steps, int at, Found found) {
        switch (schema.getType()) {
            case UNION -> schema.getTypes().forEach(branch -> find(branch, steps, at, found));
            case ARRAY -> {
                found.many = true;
                find(schema.getElementType(), steps, at, found);
            }
            case NULL -> {}
            default -> {
                if (at == steps.size()) {
                    found.leaves.add(schema);
                } else if (schema.getType() == Schema.Type.MAP) {
                    find(schema.getValueType(), steps, at + 1, found);
                } else if (schema.getType() == Schema.Type.RECORD) {
                    findField(schema, steps, at, found);
                }
            }
        }
    }

    private static void findField(Schema record, List<Step> steps, int at, Found found) {
        Schema.Field field = record.getField(steps.get(at).name());
        if (field == null) {
            found.lacking = found.lacking == null ? record : found.lacking;
        } else {
            find(field.schema(), steps, at + 1, found);
        }
    }

    private static String names(Schema record) {
        if (record == null) {
            return "";
        }
        List<Schema.Field> fields = record.getFields();
        String names = fields.stream().limit(MOST_NAMES).map(Schema.Field::name).collect(Collectors.joining(", "));
        return "; " + record.getName() + " has " + names + (fields.size() > MOST_NAMES ? " and others" : "");
    }
}
