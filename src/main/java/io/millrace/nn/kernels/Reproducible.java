package io.millrace.nn.kernels;

/**
 * Elementary functions with the same result on every machine and JDK. {@link Math#exp} and its kind may differ in the last bit
 * between platforms and between interpreter and compiler; these are built from IEEE-exact operations only (add, multiply, divide,
 * {@link Math#fma}, bit moves). They neither allocate nor branch on hidden state.
 */
public final class Reproducible {
    /** Larger arguments of {@link #exp} give {@code exp(EXP_MAX)}: the result is never infinite. */
    static final float EXP_MAX = 88f;
    /** Smaller arguments of {@link #exp} give 0: the result is never a denormal, which would slow down all that follows. */
    static final float EXP_MIN = -87f;

    /** 1.5 * 2^23: adding it leaves the nearest integer in the low bits of the mantissa. */
    static final float ROUND = 12582912f;

    static final float LOG2_E = 1.44269504f;
    // ln 2 in two parts; the first has so few bits that n * LN2_HIGH is exact
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    // minimax polynomial of (exp(r) - 1 - r) / r^2 on |r| <= ln(2)/2 (Cephes, expf)
    static final float EXP_0 = 1.9875691500e-4f;
    static final float EXP_1 = 1.3981999507e-3f;
    static final float EXP_2 = 8.3334519073e-3f;
    static final float EXP_3 = 4.1665795894e-2f;
    static final float EXP_4 = 1.6666665459e-1f;
    static final float EXP_5 = 5.0000001201e-1f;
    /** Bits of 1f: the exponent's bias in place. */
    static final int ONE_BITS = 0x3f800000;

    /** Below this magnitude {@link #tanh} is an odd polynomial, since 1 - exp(-2|x|) would cancel. */
    static final float TANH_SMALL = 0.625f;
    // minimax polynomial of (tanh(x) - x) / x^3 in x^2 on |x| < 0.625 (Cephes, tanhf)
    static final float TANH_0 = -5.70498872745e-3f;
    static final float TANH_1 = 2.06390887954e-2f;
    static final float TANH_2 = -5.37397155531e-2f;
    static final float TANH_3 = 1.33314422036e-1f;
    static final float TANH_4 = -3.33332819422e-1f;

    static final double LN2 = 0.6931471805599453;
    static final double SQRT2 = 1.4142135623730951;
    /** The bits of a double's mantissa. */
    static final long MANTISSA = 0x000fffffffffffffL;
    /** The bits of 1.0. */
    static final long ONE = 0x3ff0000000000000L;

    private Reproducible() {}

    /** {@code e^x} within 1 ulp for {@code -87 <= x <= 88}; {@code e^88} above and exactly 0 below; NaN for NaN. */
    public static float exp(float x) {
        if (x < EXP_MIN) {
            return 0f;
        }
        float clamped = x > EXP_MAX ? EXP_MAX : x;
        float shifted = Math.fma(clamped, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(EXP_0, r, EXP_1);
        p = Math.fma(p, r, EXP_2);
        p = Math.fma(p, r, EXP_3);
        p = Math.fma(p, r, EXP_4);
        p = Math.fma(p, r, EXP_5);
        p = Math.fma(p, r * r, r) + 1f;
        return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE_BITS);
    }

    /** {@code 1 / (1 + e^-x)}, from {@code exp(-|x|)} so that nothing overflows; exactly 0 below -87. */
    public static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /** The hyperbolic tangent, within 3 ulp; odd, but for the sign of zero. */
    public static float tanh(float x) {
        float magnitude = Math.abs(x);
        if (magnitude < TANH_SMALL) {
            float s = x * x;
            float p = Math.fma(TANH_0, s, TANH_1);
            p = Math.fma(p, s, TANH_2);
            p = Math.fma(p, s, TANH_3);
            p = Math.fma(p, s, TANH_4);
            return Math.fma(p * s, x, x);
        }
        float e = exp(-2f * magnitude);
        float t = (1f - e) / (1f + e);
        return x < 0f ? -t : t;
    }

    /**
     * The natural logarithm of a positive, normal, finite {@code x}, within 1e-11 relative for {@code x >= 1}: enough for losses,
     * which are rounded to float. {@code x = m 2^n}, {@code ln m = 2 artanh((m - 1) / (m + 1))} by its series.
     */
    public static double log(double x) {
        int n = Math.getExponent(x);
        double m = Double.longBitsToDouble((Double.doubleToRawLongBits(x) & MANTISSA) | ONE);
        if (m > SQRT2) { // keeps |s| below 0.172, where the series is short
            m *= 0.5;
            n++;
        }
        double s = (m - 1.0) / (m + 1.0);
        double q = s * s;
        double p = Math.fma(q, 1.0 / 15.0, 1.0 / 13.0);
        p = Math.fma(q, p, 1.0 / 11.0);
        p = Math.fma(q, p, 1.0 / 9.0);
        p = Math.fma(q, p, 1.0 / 7.0);
        p = Math.fma(q, p, 1.0 / 5.0);
        p = Math.fma(q, p, 1.0 / 3.0);
        p = Math.fma(q, p, 1.0);
        return Math.fma(n, LN2, 2.0 * s * p);
    }
}
