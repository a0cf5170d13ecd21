package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.Kernels.FLUSH;
import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link VectorKernels#rmsProp}, {@link VectorKernels#rmsPropOuter} and {@link VectorKernels#rmsPropRows}. */
final class VectorRmsProp {
    private VectorRmsProp() {}

    static void update(
            int from,
            int to,
            float[] w,
            float[] g,
            float[] r,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        int p = from;
        for (; p <= to - LANES; p += LANES) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, p);
            FloatVector square = FloatVector.fromArray(SPECIES, r, p);
            square = gradient.fma(gradient, square.neg()).fma(FloatVector.broadcast(SPECIES, oneMinusRho), square);
            square = square.add(FLUSH).sub(FLUSH);
            square.intoArray(r, p);
            gradient.div(square.add(inside).lanewise(VectorOperators.SQRT).add(outside))
                    .fma(FloatVector.broadcast(SPECIES, minusRate), FloatVector.fromArray(SPECIES, w, p))
                    .intoArray(w, p);
        }
        for (; p < to; p++) {
            float square = Math.fma(oneMinusRho, Math.fma(g[p], g[p], -r[p]), r[p]) + FLUSH - FLUSH;
            r[p] = square;
            w[p] = Math.fma(minusRate, g[p] / ((float) Math.sqrt(square + inside) + outside), w[p]);
        }
    }

    static void updateOuter(
            int m,
            int n,
            float[] x,
            float[] y,
            float[] w,
            float[] r,
            int offset,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        int end = offset + m * n;
        int i = 0;
        int j = 0;
        // one loop, since a loop along a row of one vector would never leave its first, unoptimised turn
        for (int p = offset; p < end; p += LANES) {
            FloatVector gradient = FloatVector.broadcast(SPECIES, x[i])
                    .fma(FloatVector.fromArray(SPECIES, y, j), FloatVector.zero(SPECIES));
            FloatVector square = FloatVector.fromArray(SPECIES, r, p);
            square = gradient.fma(gradient, square.neg()).fma(FloatVector.broadcast(SPECIES, oneMinusRho), square);
            square = square.add(FLUSH).sub(FLUSH);
            square.intoArray(r, p);
            gradient.div(square.add(inside).lanewise(VectorOperators.SQRT).add(outside))
                    .fma(FloatVector.broadcast(SPECIES, minusRate), FloatVector.fromArray(SPECIES, w, p))
                    .intoArray(w, p);
            j += LANES;
            if (j == n) {
                j = 0;
                i++;
            }
        }
    }

    static void updateRows(
            int from,
            int to,
            int[] ids,
            float[] values,
            float[] y,
            int n,
            float[] w,
            float[] r,
            int offset,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        int i = from;
        int j = 0;
        for (int left = (to - from) * n; left > 0; left -= LANES) { // one loop, as in updateOuter
            int p = offset + ids[i] * n + j;
            FloatVector gradient = FloatVector.broadcast(SPECIES, values[i])
                    .fma(FloatVector.fromArray(SPECIES, y, j), FloatVector.zero(SPECIES));
            FloatVector square = FloatVector.fromArray(SPECIES, r, p);
            square = gradient.fma(gradient, square.neg()).fma(FloatVector.broadcast(SPECIES, oneMinusRho), square);
            square = square.add(FLUSH).sub(FLUSH);
            square.intoArray(r, p);
            gradient.div(square.add(inside).lanewise(VectorOperators.SQRT).add(outside))
                    .fma(FloatVector.broadcast(SPECIES, minusRate), FloatVector.fromArray(SPECIES, w, p))
                    .intoArray(w, p);
            j += LANES;
            if (j == n) {
                j = 0;
                i++;
            }
        }
    }
}
