package io.millrace.learner;

/** Refuses features that no network can use. */
final class FeatureCheck {
    private static final int EXPONENT = 0x7f80_0000;

    private FeatureCheck() {}

    /**
     * @param features features of an example or request
     * @param inputs number of features that the model has
     * @throws BadInputException when there are more or fewer, or one is NaN or infinite
     */
    static void check(float[] features, int inputs) {
        if (features.length != inputs) {
            throw new BadInputException(features.length + " features instead of " + inputs);
        }
        // the largest magnitude as bits: one vectorised pass instead of a branch for each feature
        int largest = 0;
        for (int j = 0; j < features.length; j++) {
            largest = Math.max(largest, Float.floatToRawIntBits(features[j]) & Integer.MAX_VALUE);
        }
        if (largest >= EXPONENT) {
            for (int j = 0; j < features.length; j++) {
                if (!Float.isFinite(features[j])) {
                    throw new BadInputException("feature " + j + " is " + features[j]);
                }
            }
        }
    }
}
