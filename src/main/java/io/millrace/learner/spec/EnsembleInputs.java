package io.millrace.learner.spec;

import io.millrace.feature.InputLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What enters an ensemble.
 *
 * @param numbers numbers of a row
 * @param placed those of them that are placed among bins, in their order: all of an {@code Example}; of declared features the standardised ones,
 *     because others, such as the sine of an hour, have a fixed range of few values
 */
public record EnsembleInputs(int numbers, List<Integer> placed) {
    /** With more numbers there are no bins. */
    private static final int MOST_PLACED = 128;

    /** Copies the list. */
    public EnsembleInputs {
        placed = List.copyOf(placed);
    }

    /** The inputs of a learner. */
    public static EnsembleInputs of(LearnerSpec spec) {
        return of(spec.layout(), spec.architecture().inputs());
    }

    /**
     * The inputs of a model.
     *
     * @param layout of declared features; null for {@code Example}s
     * @param numbers numbers of a row
     */
    public static EnsembleInputs of(InputLayout layout, int numbers) {
        List<Integer> placed = IntStream.range(0, numbers)
                .filter(j -> layout == null || layout.inputs().get(j).standardized())
                .boxed()
                .toList();
        return new EnsembleInputs(numbers, placed.size() > MOST_PLACED ? List.of() : placed);
    }
}
