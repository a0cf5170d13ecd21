package io.millrace.learner.input;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.Shape;

/** Refuses features that no network can use. */
final class FeatureCheck {
    private FeatureCheck() {}

    /**
     * @param kernels what finds the largest feature
     * @param features features of an example or request
     * @param inputs number of features that the model has
     * @param sequence their shape if the first steps may be missing; else null
     * @return the largest magnitude of a feature
     * @throws BadInputException when the number of features is wrong, or one is NaN or infinite
     */
    static float check(Kernels kernels, float[] features, int inputs, Shape sequence) {
        if (features.length != inputs && !isShorter(features.length, sequence)) {
            throw new BadInputException(
                    BadInputCause.FEATURE,
                    features.length + " features instead of " + inputs
                            + (sequence == null
                                    ? ""
                                    : ": a sequence has 1 to " + sequence.height() + " steps of "
                                            + sequence.channels()));
        }
        float largest = kernels.largestMagnitude(features, features.length);
        if (!Float.isFinite(largest)) { // only now find out which feature it is
            for (int j = 0; j < features.length; j++) {
                if (!Float.isFinite(features[j])) {
                    throw new BadInputException(BadInputCause.FEATURE, "feature " + j + " is " + features[j]);
                }
            }
        }
        return largest;
    }

    private static boolean isShorter(int length, Shape sequence) {
        return sequence != null && length > 0 && length < sequence.size() && length % sequence.channels() == 0;
    }
}
