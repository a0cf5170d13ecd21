package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorStandardization.LANES;
import static io.millrace.nn.kernels.VectorStandardization.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link VectorKernels#addFloats} and {@link VectorKernels#addDoubles}: each sum has its own lane, so the order of its terms stays. */
final class VectorSums {
    private VectorSums() {}

    /** Of a vector of floats the lower half is used; see {@link VectorStandardization}. */
    static void addFloats(float[] x, int length, double[] sums) {
        int i = 0;
        for (; i <= length - VectorGemm.LANES; i += LANES) {
            DoubleVector value = (DoubleVector)
                    FloatVector.fromArray(VectorGemm.SPECIES, x, i).convertShape(VectorOperators.F2D, SPECIES, 0);
            DoubleVector.fromArray(SPECIES, sums, i).add(value).intoArray(sums, i);
        }
        Sums.addFloats(x, i, length, sums);
    }

    static void addDoubles(double[] x, int length, double[] sums) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, x, i);
            DoubleVector sum = DoubleVector.fromArray(SPECIES, sums, i);
            sum.add(value).blend(sum, value.compare(VectorOperators.NE, value)).intoArray(sums, i);
        }
        Sums.addDoubles(x, i, length, sums);
    }
}
