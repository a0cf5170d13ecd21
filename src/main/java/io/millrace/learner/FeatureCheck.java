package io.millrace.learner;

/** Refuses features that no network can use. */
final class FeatureCheck {
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
        // one pass without a branch; which of them it is matters only when one is
        boolean finite = true;
        for (float feature : features) {
            finite &= Math.abs(feature) <= Float.MAX_VALUE;
        }
        if (!finite) {
            for (int j = 0; j < features.length; j++) {
                if (!Float.isFinite(features[j])) {
                    throw new BadInputException("feature " + j + " is " + features[j]);
                }
            }
        }
    }
}
