package io.millrace.nn.kernels;

/** Copies a matrix to its transpose. Plain Java, shared by all kernels: it moves floats and rounds nothing. */
public final class Transposition {
    private Transposition() {}

    /**
     * {@code to[j][i] = from[i][j]}.
     *
     * @param from row-major {@code [rows x columns]} from {@code fromOffset}, rows {@code fromStride} apart
     * @param to row-major {@code [columns x rows]} from index 0, rows {@code toStride} apart; what lies between is left as it is
     */
    public static void transpose(
            float[] from, int fromOffset, int fromStride, int rows, int columns, float[] to, int toStride) {
        transpose(from, fromOffset, fromStride, rows, columns, to, 0, toStride);
    }

    /** The same, with {@code to} from {@code toOffset}. */
    public static void transpose(
            float[] from,
            int fromOffset,
            int fromStride,
            int rows,
            int columns,
            float[] to,
            int toOffset,
            int toStride) {
        int i = 0;
        for (; i + 8 <= rows; i += 8) {
            transposeEight(from, fromOffset + i * fromStride, fromStride, columns, to, toOffset + i, toStride);
        }
        for (; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + j * toStride + i] = from[fromOffset + i * fromStride + j];
            }
        }
    }

    /** Eight rows at once: reads run along rows and each write fills half a cache line. */
    private static void transposeEight(
            float[] from, int row0, int fromStride, int columns, float[] to, int column, int toStride) {
        int row1 = row0 + fromStride;
        int row2 = row1 + fromStride;
        int row3 = row2 + fromStride;
        int row4 = row3 + fromStride;
        int row5 = row4 + fromStride;
        int row6 = row5 + fromStride;
        int row7 = row6 + fromStride;
        for (int j = 0, t = column; j < columns; j++, t += toStride) {
            to[t] = from[row0 + j];
            to[t + 1] = from[row1 + j];
            to[t + 2] = from[row2 + j];
            to[t + 3] = from[row3 + j];
            to[t + 4] = from[row4 + j];
            to[t + 5] = from[row5 + j];
            to[t + 6] = from[row6 + j];
            to[t + 7] = from[row7 + j];
        }
    }
}
