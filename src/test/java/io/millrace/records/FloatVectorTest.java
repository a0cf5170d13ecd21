package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloatVectorTest {
    @Test
    void shouldShareItsArray() {
        float[] array = {1, 2};
        FloatVector vector = new FloatVector(array);
        assertThat(FloatVector.arrayOf(vector)).isSameAs(array);
        assertThat(vector.set(0, 5f)).isEqualTo(1f);
        assertThat(array).containsExactly(5, 2);
        assertThat(vector)
                .isEqualTo(List.of(5f, 2f))
                .hasSameHashCodeAs(List.of(5f, 2f))
                .hasToString("[5.0, 2.0]");
    }

    @Test
    void shouldCopyAnyOtherList() {
        assertThat(FloatVector.arrayOf(new LinkedList<>(List.of(1f, 2f)))).containsExactly(1, 2);
    }
}
