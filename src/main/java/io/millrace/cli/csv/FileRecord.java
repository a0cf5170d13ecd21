package io.millrace.cli.csv;

import io.millrace.cli.inference.FieldKind;
import io.millrace.cli.inference.InferredField;
import io.millrace.cli.inference.TimeSpelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The Avro record made for a file: a field for each column that is a feature, in their order, and a field for each label. Requests are the
 * same without labels. The declaration that belongs to it says how the fields enter a model.
 */
public final class FileRecord {
    private static final String NAMESPACE = "io.millrace.demo";
    private static final int MOST_SHOWN = 40;

    /** A column that is a feature. */
    private record Member(int column, String header, InferredField field) {
        /** Whether times are numbers: seconds, milliseconds or microseconds, which their size tells apart. */
        boolean epoch() {
            return field.kind() == FieldKind.TIME && field.spelling() == null;
        }
    }

    private final List<Member> features = new ArrayList<>();
    private final List<String> names; // of the features
    private final List<String> labels;
    private final boolean[] commas;
    private final LabelCheck check;
    private final Schema example;
    private final Schema request;

    /**
     * @param file name of the file, after which the record is named
     * @param labelColumns their indices, in the order of the model's targets
     * @param commas of each column: whether its numbers have decimal commas
     * @param check of the labels, which are numbers unless the task is a classification
     */
    FileRecord(String file, List<CsvColumns.Column> columns, int[] labelColumns, boolean[] commas, LabelCheck check) {
        this.commas = commas;
        this.check = check;
        List<String> valid = AvroNames.of(
                columns.stream().map(column -> column.sample().name()).toList());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).used()) {
                features.add(new Member(
                        i, columns.get(i).sample().name(), columns.get(i).field()));
            }
        }
        names = features.stream().map(member -> valid.get(member.column())).toList();
        labels = IntStream.of(labelColumns).mapToObj(valid::get).toList();
        String name = AvroNames.valid(file.replaceFirst("\\..*", ""), "file");
        example = Schema.createRecord(name, null, NAMESPACE, false, fields(true));
        request = Schema.createRecord(name + "_request", null, NAMESPACE, false, fields(false));
    }

    private List<Schema.Field> fields(boolean labelled) {
        List<Schema.Field> fields = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            Schema type = type(features.get(i));
            boolean optional = features.get(i).field().optional();
            fields.add(new Schema.Field(
                    names.get(i),
                    optional ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type,
                    features.get(i).header(),
                    optional ? Schema.Field.NULL_DEFAULT_VALUE : null));
        }
        for (int i = 0; i < labels.size() && labelled; i++) {
            Schema.Type type = check.names() ? Schema.Type.STRING : Schema.Type.DOUBLE;
            fields.add(new Schema.Field(labels.get(i), Schema.create(type)));
        }
        return fields;
    }

    private static Schema type(Member member) {
        return switch (member.field().kind()) {
            case NUMBER, LOG -> Schema.create(Schema.Type.DOUBLE);
            case FLAG -> Schema.create(Schema.Type.BOOLEAN);
            case TIME ->
                member.epoch()
                        ? Schema.create(Schema.Type.LONG)
                        : LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
            default -> Schema.create(Schema.Type.STRING);
        };
    }

    /** Schema of an example. */
    public Schema example() {
        return example;
    }

    /** Schema of a request: as an example, without labels. */
    public Schema request() {
        return request;
    }

    /** The declaration of the features, as the setting {@code features} takes it. */
    public String features() {
        return IntStream.range(0, names.size())
                .mapToObj(i -> features.get(i).field().declaration(names.get(i)))
                .collect(Collectors.joining(", "));
    }

    /** The fields of the labels, as the setting {@code label} takes them. */
    public String label() {
        return String.join(", ", labels);
    }

    /** An example without its labels. */
    public GenericRecord request(GenericRecord from) {
        GenericRecord to = new GenericData.Record(request);
        for (int i = 0; i < names.size(); i++) {
            to.put(i, from.get(i));
        }
        return to;
    }

    /**
     * A row as an example; with a fault and without a record if a cell is not what its column holds.
     *
     * @param cells of all columns
     * @param texts of the labels, in the order of the model's targets
     */
    LabelledRow row(List<String> cells, List<String> texts, long line) {
        GenericRecord record = new GenericData.Record(example);
        for (int i = 0; i < names.size(); i++) {
            Member member = features.get(i);
            String cell = Blanks.strip(cells.get(member.column()));
            if (!Missing.is(cell)) {
                Object value = value(member, commas[member.column()] ? Numerals.withPoint(cell) : cell);
                if (value == null) {
                    return damaged(
                            texts, line, member, "holds \"" + shown(cell) + "\", which is not a " + noun(member));
                }
                record.put(i, value);
            } else if (!member.field().optional()) {
                return damaged(texts, line, member, "is empty");
            }
        }
        String fault = check.names() ? null : check.fault(texts);
        if (fault != null) {
            return new LabelledRow(new float[0], texts, line, fault, null);
        }
        for (int i = 0; i < texts.size(); i++) {
            Object label = check.names() ? texts.get(i) : (Object) Double.parseDouble(texts.get(i));
            record.put(names.size() + i, label);
        }
        return new LabelledRow(new float[0], texts, line, null, record);
    }

    private static Object value(Member member, String cell) {
        return switch (member.field().kind()) {
            case NUMBER, LOG -> {
                Number number = Numerals.value(cell);
                yield number == null ? null : (Object) number.doubleValue();
            }
            case FLAG -> flag(cell);
            case TIME -> time(member, cell);
            default -> cell;
        };
    }

    private static Boolean flag(String cell) {
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "t", "on" -> true;
            case "false", "no", "n", "f", "off" -> false;
            default -> null;
        };
    }

    private static Long time(Member member, String cell) {
        if (member.epoch()) {
            return Numerals.value(cell) instanceof Long whole ? whole : null;
        }
        long millis = member.field().spelling().millis(cell);
        return millis == TimeSpelling.NO_TIME ? null : (Long) millis;
    }

    private static String noun(Member member) {
        return switch (member.field().kind()) {
            case NUMBER, LOG -> "finite number";
            case FLAG -> "flag, as true and false or yes and no are";
            default -> "time like the others";
        };
    }

    private static LabelledRow damaged(List<String> labels, long line, Member member, String what) {
        return new LabelledRow(new float[0], labels, line, "column \"" + member.header() + "\" " + what, null);
    }

    private static String shown(String cell) {
        String text = cell.length() <= MOST_SHOWN ? cell : cell.substring(0, MOST_SHOWN) + "...";
        return text.replaceAll("\\p{Cc}", "?");
    }
}
