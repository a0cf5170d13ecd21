package io.millrace.learner.evaluation;

import io.millrace.learner.input.Decision;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts the examples of each true class by their predicted class. With more than {@value #MOST_CLASSES} classes it counts nothing: the matrix grows
 * with the square of their number, in each checkpoint and report, and nobody reads a matrix of thousands of numbers.
 */
final class ConfusionMatrix implements TrueAndPredicted {
    static final int MOST_CLASSES = 32;

    private final List<String> classes;
    private final int outputs;
    private final int[] counts; // [true x predicted]

    /** @param outputs number of scores: one for each class, or one for two classes */
    ConfusionMatrix(List<String> classes, int outputs) {
        boolean few = classes.size() <= MOST_CLASSES;
        this.classes = few ? classes : List.of();
        this.outputs = outputs;
        counts = new int[this.classes.size() * this.classes.size()];
    }

    @Override
    public void observe(float[] scores, int scoreOffset, float[] targets, int targetOffset) {
        if (counts.length > 0) {
            int predicted = Decision.predictedClass(scores, scoreOffset, outputs);
            counts[(int) targets[targetOffset] * classes.size() + predicted]++;
        }
    }

    @Override
    public Report.Outcomes report() {
        List<Integer> matrix = IntStream.of(counts).boxed().toList();
        Arrays.fill(counts, 0);
        return new Report.Outcomes(classes, matrix, List.of(), List.of());
    }

    @Override
    public void save(StateWriter out) {
        out.putInts(counts, counts.length);
    }

    @Override
    public void restore(StateReader in) {
        in.getSmallCounts(counts);
    }
}
