package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceStreamTest {
    private static List<List<Float>> drawn(int count, long seed) {
        SequenceStream stream = new SequenceStream(seed);
        List<List<Float>> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stream.next();
            List<Float> one = new ArrayList<>(List.of((float) stream.label()));
            for (float feature : stream.features()) {
                one.add(feature);
            }
            drawn.add(one);
        }
        return drawn;
    }

    @Test
    void shouldBeTheSameForASeed() {
        assertThat(drawn(100, 1)).isEqualTo(drawn(100, 1)).isNotEqualTo(drawn(100, 2));
    }

    @Test
    void noNumberShouldTellTheLabel() {
        int count = 40_000;
        SequenceStream stream = new SequenceStream(1);
        double[][] sums = new double[2][stream.features().length];
        int ones = 0;
        for (int i = 0; i < count; i++) {
            stream.next();
            ones += stream.label();
            for (int j = 0; j < stream.features().length; j++) {
                sums[stream.label()][j] += stream.features()[j];
            }
        }
        assertThat(ones / (double) count).isCloseTo(0.5, within(0.01));
        for (double[] ofLabel : sums) {
            for (double sum : ofLabel) {
                assertThat(sum / (count / 2)).isCloseTo(0, within(0.03));
            }
        }
    }
}
