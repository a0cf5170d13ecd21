package io.millrace.learner.network;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.SavedSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.nn.network.Growth;

/**
 * The shape in which a state was saved: that of the learner that restores it, or the same with the first of its declared features only. In the
 * second case the state grows as it is read. The weights of the new inputs and all moments that belong to them start at zero, new tables as
 * those of a new learner, and the statistics of new numbers without a value.
 *
 * @param spec specification of the learner that has saved it
 * @param growth carries its parameters over; null if the shape is the same
 */
record SavedShape(LearnerSpec spec, Growth growth) {
    /**
     * Compares the shapes.
     *
     * @param spec of the learner that restores
     * @param saved fingerprint in the state
     * @throws OtherShapeException when the state belongs to a learner of another shape
     */
    static SavedShape of(LearnerSpec spec, String saved) {
        LearnerSpec former = SavedSpec.of(spec, saved);
        return new SavedShape(former, former == spec ? null : growth(former, spec));
    }

    private static Growth growth(LearnerSpec former, LearnerSpec spec) {
        try {
            return new Growth(former.architecture(), spec.architecture());
        } catch (IllegalArgumentException e) {
            throw SavedSpec.cannotGrow(former, spec, e.getMessage());
        }
    }

    /** Whether the learner that restores has further features. */
    boolean grows() {
        return growth != null;
    }

    /** Number of inputs that the state has. */
    int inputs() {
        return spec.architecture().inputs();
    }

    /**
     * Reads canonical parameters or moments.
     *
     * @param values as many as the learner that restores has. Overwritten, except for new tables
     */
    void read(StateReader in, float[] values) {
        if (growth == null) {
            in.getFloats(values, values.length);
            return;
        }
        float[] former = new float[growth.formerCount()];
        in.getFloats(former, former.length);
        growth.carry(former, values);
    }
}
