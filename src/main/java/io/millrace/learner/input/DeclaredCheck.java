package io.millrace.learner.input;

import io.millrace.feature.DenseInput;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.feature.TableInput;

/** Refuses rows of declared features that no network can use. */
final class DeclaredCheck {
    private final InputLayout layout;

    DeclaredCheck(InputLayout layout) {
        this.layout = layout;
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
        for (int j = 0; j < numbers.length; j++) {
            DenseInput input = layout.inputs().get(j);
            double magnitude = Math.abs(numbers[j]);
            if (!(magnitude <= Float.MAX_VALUE)) { // NaN, too
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

    private static void requireUsable(DenseInput input, double number, boolean lacking) {
        if (!Double.isNaN(number)) {
            throw new BadInputException(BadInputCause.FEATURE, input.name() + " is " + number + ", too large");
        }
        if (!input.optional() && !lacking) {
            throw new BadInputException(BadInputCause.FEATURE, input.name() + " is NaN");
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
