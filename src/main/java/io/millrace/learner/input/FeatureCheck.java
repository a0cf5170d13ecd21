package io.millrace.learner.input;

import io.millrace.nn.layer.Shape;

/** Refuses features that no network can use. */
final class FeatureCheck {
    private FeatureCheck() {}

    private static final int MAGNITUDE = 0x7fffffff;

    /** Bits of infinity. The bits of NaN are above them; those of finite numbers are below them and have the order of the numbers. */
    private static final int INFINITE = 0x7f800000;

    /**
     * @param features features of an example or request
     * @param inputs number of features that the model has
     * @param sequence their shape if the first steps may be missing; else null
     * @return the largest magnitude of a feature
     * @throws BadInputException when the number of features is wrong, or one is NaN or infinite
     */
    static float check(float[] features, int inputs, Shape sequence) {
        if (features.length != inputs && !isShorter(features.length, sequence)) {
            throw new BadInputException(
                    BadInputCause.FEATURE,
                    features.length + " features instead of " + inputs
                            + (sequence == null
                                    ? ""
                                    : ": a sequence has 1 to " + sequence.height() + " steps of "
                                            + sequence.channels()));
        }
        int largest = largest(features);
        if (largest >= INFINITE) { // only now find out which feature it is
            for (int j = 0; j < features.length; j++) {
                if (!Float.isFinite(features[j])) {
                    throw new BadInputException(BadInputCause.FEATURE, "feature " + j + " is " + features[j]);
                }
            }
        }
        return Float.intBitsToFloat(largest);
    }

    private static boolean isShorter(int length, Shape sequence) {
        return sequence != null && length > 0 && length < sequence.size() && length % sequence.channels() == 0;
    }

    /** Largest magnitude, as bits. Four independent maxima, so that each one waits only for its own predecessor. */
    private static int largest(float[] x) {
        int a = 0;
        int b = 0;
        int c = 0;
        int d = 0;
        int j = 0;
        for (; j + 4 <= x.length; j += 4) {
            a = Math.max(a, Float.floatToRawIntBits(x[j]) & MAGNITUDE);
            b = Math.max(b, Float.floatToRawIntBits(x[j + 1]) & MAGNITUDE);
            c = Math.max(c, Float.floatToRawIntBits(x[j + 2]) & MAGNITUDE);
            d = Math.max(d, Float.floatToRawIntBits(x[j + 3]) & MAGNITUDE);
        }
        for (; j < x.length; j++) {
            a = Math.max(a, Float.floatToRawIntBits(x[j]) & MAGNITUDE);
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }
}
