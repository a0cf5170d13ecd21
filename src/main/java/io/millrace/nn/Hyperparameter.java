package io.millrace.nn;

/** Range checks of hyper-parameters, with messages that say what to give. */
final class Hyperparameter {
    private Hyperparameter() {}

    static void requireDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a number in [0, 1)");
        }
    }

    static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a finite number > 0");
        }
    }

    static void requireNotNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a finite number >= 0");
        }
    }
}
