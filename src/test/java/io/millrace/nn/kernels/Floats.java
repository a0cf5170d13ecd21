package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/** Floats that break careless arithmetic, and their comparison bit by bit. */
public final class Floats {
    private static final float[] SPECIAL = {
        0f, -0f, 1e-42f, -1e-42f, Float.MIN_NORMAL, 3e38f, -3e38f, 88f, -88f, 87.5f, -87.5f, 0.625f, -0.625f
    };

    private Floats() {}

    /** Mostly standard normal, one in fifteen a zero of either sign, a denormal, a huge value or the edge of a polynomial. */
    public static float[] awkward(Random random, int length) {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] =
                    random.nextInt(15) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) random.nextGaussian();
        }
        return floats;
    }

    /** Equal as bits, all NaN being one. */
    public static void assertSameBits(String what, float[] got, float[] want) {
        assertThat(got).as(what).hasSameSizeAs(want);
        for (int i = 0; i < got.length; i++) {
            if (Float.floatToIntBits(got[i]) != Float.floatToIntBits(want[i])) {
                throw new AssertionError(what + ": element " + i + " is " + got[i] + ", expected " + want[i]);
            }
        }
    }
}
