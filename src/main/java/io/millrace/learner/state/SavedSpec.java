package io.millrace.learner.state;

import io.millrace.feature.DeclarationException;
import io.millrace.feature.Feature;
import io.millrace.feature.FeatureSet;
import io.millrace.learner.spec.LearnerSpec;
import java.util.List;

/**
 * The specification of the learner that has saved a state: that of the learner that restores it, or the same with the first of its declared
 * features only. In the second case the state grows as it is read.
 */
public final class SavedSpec {
    private SavedSpec() {}

    /**
     * Finds it by its fingerprint.
     *
     * @param spec of the learner that restores
     * @param saved fingerprint in the state
     * @return {@code spec} itself if the shape is the same
     * @throws OtherShapeException when the state belongs to a learner of another shape
     */
    public static LearnerSpec of(LearnerSpec spec, String saved) {
        if (saved.equals(spec.fingerprint())) {
            return spec;
        }
        int declared = spec.declaration() == null
                ? 0
                : spec.declaration().features().features().size();
        for (int count = declared - 1; count > 0; count--) {
            LearnerSpec former = withFirstFeatures(spec, count);
            if (former != null && saved.equals(former.fingerprint())) {
                return former;
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

    /**
     * Refuses a state that cannot grow.
     *
     * @param former what {@link #of} has found
     * @param cause ends a sentence that begins with "because"
     */
    public static OtherShapeException cannotGrow(LearnerSpec former, LearnerSpec spec, String cause) {
        return new OtherShapeException(
                former.fingerprint(), spec.fingerprint(), "no features can be added, because " + cause + ": ");
    }
}
