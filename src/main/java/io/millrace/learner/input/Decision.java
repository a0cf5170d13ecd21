package io.millrace.learner.input;

/** Chooses the predicted class from the scores. */
public final class Decision {
    private Decision() {}

    /**
     * Chooses a class.
     *
     * @param scores probabilities starting at {@code offset}: one for each class, or only that of class 1
     * @param offset index of the first score
     * @param outputs number of scores
     * @return the most probable class, the lowest index on a tie
     */
    public static int predictedClass(float[] scores, int offset, int outputs) {
        if (outputs == 1) {
            return scores[offset] > 0.5f ? 1 : 0;
        }
        int best = 0;
        for (int c = 1; c < outputs; c++) {
            if (scores[offset + c] > scores[offset + best]) {
                best = c;
            }
        }
        return best;
    }
}
