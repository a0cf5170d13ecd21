package io.millrace.learner.input;

import io.millrace.feature.DenseInput;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.feature.TableInput;
import io.millrace.nn.layer.Shape;

/** Refuses rows of declared features that no network can use. */
final class DeclaredCheck {
    private final InputLayout layout;
    private final Shape sequence; // of the numbers, if the first steps may be missing; else null

    DeclaredCheck(InputLayout layout, Shape sequence) {
        this.layout = layout;
        this.sequence = sequence;
    }

    /**
     * Checks a row.
     *
     * @param magnitudes {@code [inputs]}, overwritten: for each standardised number its magnitude, NaN where it is missing; else 0
     * @param lacking whether numbers that are not optional may be missing
     * @throws BadInputException when a number is infinite, too large for a float, or missing and not optional, or an id is not in its table
     */
    void check(InputRow row, double[] magnitudes, boolean lacking) {
        double[] numbers = row.numbers();
        if (numbers.length != magnitudes.length
                || row.ends().length != layout.tables().size()) {
            throw new BadInputException(BadInputCause.FEATURE, "the features are not those that the model declares");
        }
        int padding = padding(numbers);
        for (int j = 0; j < numbers.length; j++) {
            DenseInput input = layout.inputs().get(j);
            double magnitude = Math.abs(numbers[j]);
            if (!(magnitude <= Float.MAX_VALUE) && j >= padding) { // NaN, too
                requireUsable(input, numbers[j], lacking);
            }
            magnitudes[j] = input.standardized() ? magnitude : 0;
        }
        int from = 0;
        for (int t = 0; t < row.ends().length; t++) {
            requireIds(row, from, row.ends()[t], layout.tables().get(t));
            from = row.ends()[t];
        }
    }

    /** Numbers of the steps that are missing before the first one that is there, which the last step has to be. */
    private int padding(double[] numbers) {
        if (sequence == null) {
            return 0;
        }
        int missing = 0;
        while (missing < numbers.length - sequence.channels() && Double.isNaN(numbers[missing])) {
            missing++;
        }
        return missing - missing % sequence.channels();
    }

    private static void requireUsable(DenseInput input, double number, boolean lacking) {
        if (!Double.isNaN(number)) {
            throw new BadInputException(BadInputCause.FEATURE, input.name() + " is " + number + ", too large");
        }
        if (!input.optional() && !lacking) {
            boolean shaped = input.name().endsWith("][0]"); // then the numbers before a shorter sequence are missing
            throw new BadInputException(
                    BadInputCause.FEATURE,
                    input.name() + " is NaN"
                            + (shaped ? ": only a network whose layers read a sequence takes a shorter one" : ""));
        }
    }

    private static void requireIds(InputRow row, int from, int to, TableInput table) {
        for (int i = from; i < to; i++) {
            int id = row.ids()[i];
            if (id < 0 || id >= table.rows()) {
                throw new BadInputException(
                        BadInputCause.FEATURE,
                        table.name() + " has the id " + id + ", not one of 0 to " + table.buckets());
            }
        }
    }
}
