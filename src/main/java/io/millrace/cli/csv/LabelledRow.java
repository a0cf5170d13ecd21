package io.millrace.cli.csv;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.records.FloatVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A row of a stream of examples.
 *
 * @param features numbers; NaN for a cell without a number
 * @param labels the labels as text, one for each label column
 * @param line of the file where the row begins, from 1; 0 if it does not come from a file
 * @param fault why it is not an example, a sentence without full stop; null if no fault is known. A row with a fault
 *     has features that every learner refuses
 * @param record the row as the record made for its file; null if its features are numbers in an array, or if it cannot be read
 */
public record LabelledRow(float[] features, List<String> labels, long line, String fault, GenericRecord record) {
    /** Header of records that are rows of a file: the line, followed by a colon and the fault if there is one. */
    public static final String HEADER = "millrace.csv";

    public LabelledRow(float[] features, List<String> labels) {
        this(features, labels, 0, null);
    }

    LabelledRow(float[] features, List<String> labels, long line, String fault) {
        this(features, labels, line, fault, null);
    }

    /** Headers of the record of this row, so that a dead letter shows where it comes from. */
    public Headers headers() {
        Headers headers = new RecordHeaders();
        return line == 0 ? headers : headers.add(HEADER, place().getBytes(StandardCharsets.UTF_8));
    }

    /** The line, followed by a colon and the fault if there is one. */
    public String place() {
        return "line " + line + (fault == null ? "" : ": " + fault);
    }

    /** The row as an example: with a class name, with a target if the text is a number, or with several targets. */
    public Example example(Labelling labelling) {
        Object label = switch (labelling) {
            case CLASS -> labels.get(0);
            case TARGET -> target(labels.get(0));
            case TARGETS -> targets();
        };
        return new Example(new FloatVector(features), label, 1f);
    }

    private static Object target(String label) {
        float target = CsvTable.number(label);
        return Float.isNaN(target) ? label : (Object) target; // the learner refuses text and gives the reason
    }

    private FloatVector targets() {
        float[] targets = new float[labels.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = CsvTable.number(labels.get(i)); // NaN if it is not a number, which the learner refuses
        }
        return new FloatVector(targets);
    }

    public Features request() {
        return new Features(new FloatVector(features));
    }
}
