package io.millrace.cli.csv;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.records.FloatVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A row of a stream of examples.
 *
 * @param features numbers; NaN where a cell holds none
 * @param labels the labels as text, one for each column of labels
 * @param line of the file where it begins, from 1; 0 if it is from no file
 * @param fault why it is no example, a sentence without full stop; null if none is known. Its features are then such that every
 *     learner refuses them
 */
public record LabelledRow(float[] features, List<String> labels, long line, String fault) {
    /** Header of records that are rows of a file: the line, and the fault behind a colon if there is one. */
    public static final String HEADER = "millrace.csv";

    public LabelledRow(float[] features, List<String> labels) {
        this(features, labels, 0, null);
    }

    /** What a record of this row bears, so that a dead letter says where it comes from. */
    public Headers headers() {
        Headers headers = new RecordHeaders();
        return line == 0 ? headers : headers.add(HEADER, place().getBytes(StandardCharsets.UTF_8));
    }

    /** The line, and behind a colon the fault if there is one. */
    public String place() {
        return "line " + line + (fault == null ? "" : ": " + fault);
    }

    /** As an example: a class by its name, a target if the text is a number, or several targets. */
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
        return Float.isNaN(target) ? label : (Object) target; // the learner refuses a text and says why
    }

    private FloatVector targets() {
        float[] targets = new float[labels.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = CsvTable.number(labels.get(i)); // NaN, which the learner refuses, if it is none
        }
        return new FloatVector(targets);
    }

    public Features request() {
        return new Features(new FloatVector(features));
    }
}
