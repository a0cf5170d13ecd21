package io.millrace.cli;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.FloatVector;
import java.util.List;

/**
 * A row of a stream of examples.
 *
 * @param features numbers; NaN where a cell holds none
 * @param labels the labels as text, one for each column of labels
 */
record LabelledRow(float[] features, List<String> labels) {
    /** As an example: a class by its name, a target if the text is a number, or several targets. */
    Example example(Labelling labelling) {
        Object label = switch (labelling) {
            case CLASS -> labels.get(0);
            case TARGET -> target(labels.get(0));
            case TARGETS -> targets();
        };
        return new Example(new FloatVector(features), label, 1f);
    }

    private static Object target(String label) {
        try {
            return Float.parseFloat(label);
        } catch (NumberFormatException e) {
            return label; // the learner refuses it and says why
        }
    }

    private FloatVector targets() {
        float[] targets = new float[labels.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = CsvTable.number(labels.get(i)); // NaN, which the learner refuses, if it is none
        }
        return new FloatVector(targets);
    }

    Features request() {
        return new Features(new FloatVector(features));
    }
}
