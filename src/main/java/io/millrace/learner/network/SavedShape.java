package io.millrace.learner.network;

import io.millrace.feature.DeclarationException;
import io.millrace.feature.Feature;
import io.millrace.feature.FeatureSet;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.nn.network.Growth;
import java.util.List;

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
        if (saved.equals(spec.fingerprint())) {
            return new SavedShape(spec, null);
        }
        int declared = spec.declaration() == null
                ? 0
                : spec.declaration().features().features().size();
        for (int count = declared - 1; count > 0; count--) {
            LearnerSpec former = withFirstFeatures(spec, count);
            if (former != null && saved.equals(former.fingerprint())) {
                return new SavedShape(former, growth(former, spec));
            }
        }
        throw new OtherShapeException(saved, spec.fingerprint(), difference(spec, saved));
    }

    private static LearnerSpec withFirstFeatures(LearnerSpec spec, int count) {
        try {
            return spec.withFirstFeatures(count);
        } catch (IllegalArgumentException e) {
            return null; // its layers could not be connected like this, so it is not the one that was saved
        }
    }

    private static Growth growth(LearnerSpec former, LearnerSpec spec) {
        try {
            return new Growth(former.architecture(), spec.architecture());
        } catch (IllegalArgumentException e) {
            throw new OtherShapeException(
                    former.fingerprint(),
                    spec.fingerprint(),
                    "no features can be added, because " + e.getMessage() + ": ");
        }
    }

    /** Names the first feature that differs; empty if the features do not, or one of the two has none. */
    private static String difference(LearnerSpec spec, String saved) {
        int start = saved.lastIndexOf(LearnerSpec.FEATURES);
        if (spec.declaration() == null || start < 0) {
            return "";
        }
        List<Feature> features = spec.declaration().features().features();
        List<Feature> learned;
        try {
            learned = FeatureSet.parse(saved.substring(start + LearnerSpec.FEATURES.length()))
                    .features();
        } catch (DeclarationException e) {
            return ""; // a newer Millrace knows what it says
        }
        for (int i = 0; i < learned.size(); i++) {
            String was = learned.get(i).toString();
            String is = i < features.size() ? features.get(i).toString() : "";
            if (!was.equals(is)) {
                return "feature " + (i + 1) + " was learned as \"" + was + "\" and is "
                        + (is.isEmpty() ? "not declared any more" : "declared as \"" + is + "\"")
                        + "; what was learned is kept only if all features stay as they are and new ones follow at the end: ";
            }
        }
        return "";
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
