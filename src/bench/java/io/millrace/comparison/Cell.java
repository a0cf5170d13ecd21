package io.millrace.comparison;

/**
 * What is timed: a training step on a mini-batch, or the prediction of a single row.
 *
 * @param rows of the mini-batch, or {@link #PREDICTION}
 */
record Cell(NetworkShape net, int rows) {
    static final int PREDICTION = 0;

    /** What the command line of a child calls the prediction; a training step goes by its number of rows. */
    private static final String PREDICT = "predict";

    static Cell parse(NetworkShape net, String work) {
        int rows = work.equals(PREDICT) ? PREDICTION : Integer.parseInt(work);
        return new Cell(net, rows);
    }

    /** The inverse of {@link #parse}. */
    String work() {
        return rows == PREDICTION ? PREDICT : Integer.toString(rows);
    }

    double flops() {
        return rows == PREDICTION ? net.predictionFlops() : net.trainingFlops(rows);
    }
}
