package io.millrace.nn.algorithm;

/** Range checks of hyper-parameters, with messages that say what to give. */
public final class Hyperparameter {
    private Hyperparameter() {}

    public static void requireDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a number in [0, 1)");
        }
    }

    public static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a finite number > 0");
        }
    }

    public static void requireNotNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a finite number >= 0");
        }
    }

    /** A learning rate must be positive as a float, too. */
    public static void requireRate(String name, double value) {
        if (!(value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a finite number > 0");
        }
    }

    public static void requirePart(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give a number in (0, 1]");
        }
    }

    public static void requireCount(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give at least 1 update");
        }
    }

    public static void requireAtMost(String name, double value, String limitName, double limit) {
        if (!(value <= limit)) {
            throw new IllegalArgumentException(
                    name + " = " + value + " is out of range: give at most " + limitName + " = " + limit);
        }
    }
}
