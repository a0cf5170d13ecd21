package io.millrace.cli;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.FloatVector;

/**
 * A row of a stream of examples.
 *
 * @param features numbers; NaN where a cell holds none
 * @param label the label as text
 */
record LabelledRow(float[] features, String label) {
    /** As an example: a class by its name, or a target if the text is a number. */
    Example example(boolean regression) {
        return new Example(new FloatVector(features), regression ? target() : label, 1f);
    }

    private Object target() {
        try {
            return Float.parseFloat(label);
        } catch (NumberFormatException e) {
            return label; // the learner refuses it and says why
        }
    }

    Features request() {
        return new Features(new FloatVector(features));
    }
}
