package io.millrace.records;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A {@code float[]} that generated Avro classes accept as their {@code List<Float>}.
 *
 * <p>Reading the array costs nothing; the list view boxes each element that is read. The list has a fixed size;
 * {@link #set} writes to the array.
 */
public final class FloatVector extends AbstractList<Float> implements RandomAccess {
    private final float[] array;

    /** Wraps the array without a copy: the caller shares the array with this vector. */
    public FloatVector(float[] array) {
        this.array = Objects.requireNonNull(array, "array");
    }

    /** The array itself, not a copy. */
    public float[] array() {
        return array;
    }

    /**
     * The elements of any list as an array. If the list is a {@code FloatVector}, this is its array, not a copy.
     *
     * @throws NullPointerException if the list or one of its elements is null
     */
    public static float[] arrayOf(List<Float> list) {
        if (list instanceof FloatVector vector) {
            return vector.array;
        }
        float[] copy = new float[list.size()];
        int at = 0;
        for (Float element : list) {
            copy[at++] = element;
        }
        return copy;
    }

    @Override
    public Float get(int index) {
        return array[index];
    }

    @Override
    public Float set(int index, Float element) {
        float old = array[index];
        array[index] = element;
        return old;
    }

    @Override
    public int size() {
        return array.length;
    }
}
