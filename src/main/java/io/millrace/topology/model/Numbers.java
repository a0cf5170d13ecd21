package io.millrace.topology.model;

import java.util.Arrays;
import java.util.List;

/** Arrays of doubles as lists of Avro records, and back. */
final class Numbers {
    private Numbers() {}

    static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    static List<Long> boxed(long[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    static long[] unboxedLongs(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
