package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorStandardization.LANES;
import static io.millrace.nn.kernels.VectorStandardization.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link VectorKernels#log}. */
final class VectorLog {
    /** The bits of 2^52: an exponent in the lowest bits of its mantissa is added to it. */
    private static final long TWO_52_BITS = 0x4330000000000000L;

    /** What is left of a sign and an exponent in the lowest bits without the sign, which NaN may have. */
    private static final long EXPONENT = 0x7ff;

    private static final double TWO_52 = 0x1p52;

    private VectorLog() {}

    static void log(double[] x, int length) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            LongVector bits = DoubleVector.fromArray(SPECIES, x, i).reinterpretAsLongs();
            // no conversion of integers, which AVX2 does not have
            DoubleVector n = bits.lanewise(VectorOperators.LSHR, 52)
                    .and(EXPONENT)
                    .or(TWO_52_BITS)
                    .reinterpretAsDoubles()
                    .sub(TWO_52 + Double.MAX_EXPONENT);
            DoubleVector m =
                    bits.and(Reproducible.MANTISSA).or(Reproducible.ONE).reinterpretAsDoubles();
            VectorMask<Double> large = m.compare(VectorOperators.GT, Reproducible.SQRT2);
            m = m.blend(m.mul(0.5), large);
            n = n.blend(n.add(1.0), large);
            DoubleVector s = m.sub(1.0).div(m.add(1.0));
            DoubleVector q = s.mul(s);
            DoubleVector p =
                    q.fma(DoubleVector.broadcast(SPECIES, 1.0 / 15), DoubleVector.broadcast(SPECIES, 1.0 / 13));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0 / 11));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0 / 9));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0 / 7));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0 / 5));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0 / 3));
            p = q.fma(p, DoubleVector.broadcast(SPECIES, 1.0));
            n.fma(DoubleVector.broadcast(SPECIES, Reproducible.LN2), s.mul(2.0).mul(p))
                    .intoArray(x, i);
        }
        for (; i < length; i++) {
            x[i] = Reproducible.log(x[i]);
        }
    }
}
