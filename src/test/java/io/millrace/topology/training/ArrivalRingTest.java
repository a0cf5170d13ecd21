package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.DenseInput;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.feature.TableInput;
import io.millrace.input.DecodedExample;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.RecordKey;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.InternalFixedKeyRecordFactory;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class ArrivalRingTest {
    private static final FixedKeyRecord<RecordKey, byte[]> RECORD =
            InternalFixedKeyRecordFactory.create(new Record<>(new RecordKey(null), new byte[0], 0));
    private static final InputLayout DECLARED = new InputLayout(
            "features",
            List.of(new DenseInput("x", true, true), new DenseInput("y", true, true)),
            List.of(new TableInput("words", 100, 4), new TableInput("user", 100, 4)));

    private final Arrival arrival = new Arrival();

    private Arrival example(long position, InputRow row, float weight, long eventTime, float... target) {
        arrival.record = RECORD;
        arrival.position = position;
        arrival.example = new DecodedExample();
        arrival.example.set(row, target, weight, eventTime);
        return arrival;
    }

    /** Ids of two tables: all but the last one, and the last one. */
    private static InputRow declared(double x, double y, byte[] value, int... ids) {
        InputRow row = new InputRow(DECLARED);
        row.numbers()[0] = x;
        row.numbers()[1] = y;
        row.record(value);
        for (int i = 0; i < ids.length - 1; i++) {
            row.id(ids[i]);
        }
        row.endOfTable(0);
        row.id(ids[ids.length - 1]);
        row.endOfTable(1);
        return row;
    }

    private static int[] ids(InputRow row) {
        return Arrays.copyOf(row.ids(), row.ends()[1]);
    }

    @Test
    void shouldGiveBackExamplesAfterTheirRowWasFilledAgain() {
        ArrivalRing ring = new ArrivalRing(null, 3, 2);
        float[] features = new float[3];
        float[] target = new float[2];
        InputRow row = new InputRow().features(features);
        for (int round = 0; round < 3; round++) {
            long first = (long) round * ring.capacity();
            for (long i = first; i < first + ring.capacity(); i++) {
                Arrays.fill(features, i);
                features[1] = Float.NaN;
                Arrays.fill(target, -i);
                assertThat(ring.put(i, example(10 * i, row, i + .5f, 1000 + i, target)))
                        .isTrue();
            }
            for (long i = first; i < first + ring.capacity(); i++) {
                Arrival taken = ring.take(i);
                assertThat(taken.record).isSameAs(RECORD);
                assertThat(taken.position).isEqualTo(10 * i);
                assertThat(taken.fault).isNull();
                assertThat(taken.missingInSource).isZero();
                assertThat(taken.example.row().features()).containsExactly(i, Float.NaN, i);
                assertThat(taken.example.target()).containsExactly(-i, -i);
                assertThat(taken.example.weight()).isEqualTo(i + .5f);
                assertThat(taken.example.eventTime()).isEqualTo(1000 + i);
            }
        }
    }

    @Test
    void shouldGiveBackNumbersIdsAndBytesOfDeclaredFeatures() {
        ArrivalRing ring = new ArrivalRing(DECLARED, 2, 1);
        byte[] value = {7};
        assertThat(ring.put(0, example(0, declared(1, Double.NaN, value, 3, 4), 1, 0, 0)))
                .isTrue();
        assertThat(ring.put(1, example(1, declared(5, 6, null, 9), 1, 0, 1))).isTrue();
        InputRow first = ring.take(0).example.row();
        assertThat(first.numbers()).containsExactly(1, Double.NaN);
        assertThat(ids(first)).containsExactly(3, 4);
        assertThat(first.ends()).containsExactly(1, 2);
        assertThat(first.record()).isSameAs(value);
        InputRow second = ring.take(1).example.row();
        assertThat(ids(second)).containsExactly(9);
        assertThat(second.ends()).containsExactly(0, 1);
        assertThat(second.record()).isNull();
    }

    @Test
    void shouldWidenForMoreIdsThanAnyRowBeforeHad() {
        ArrivalRing ring = new ArrivalRing(DECLARED, 2, 1);
        InputRow many = declared(0, 0, null, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(ring.put(0, example(0, many, 1, 0, 0))).isFalse();
        ring.widenFor(arrival);
        assertThat(ring.put(0, arrival)).isTrue();
        assertThat(ring.put(1, example(1, declared(0, 0, null, 2), 1, 0, 0))).isTrue();
        assertThat(ids(ring.take(0).example.row())).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(ids(ring.take(1).example.row())).containsExactly(2);
    }

    /** Checks come with learning, so that what is refused is what the stream holds at that place. */
    @Test
    void shouldKeepWhatIsNoExampleOrHasAnotherShapeInItsPlace() {
        ArrivalRing ring = new ArrivalRing(null, 2, 1);
        BadInputException fault = new BadInputException("broken");
        InputRow row = InputRow.of(1, 2, 3);
        ring.put(0, example(0, row, 1, 0, 0));
        ring.put(1, example(1, InputRow.of(1, 2), 1, 0, 0, 0));
        row.features()[0] = 9;
        arrival.example = null;
        arrival.position = 2;
        ring.put(2, arrival);
        arrival.fault = fault;
        ring.put(3, arrival);
        arrival.fault = null;
        arrival.missingInSource = 4;
        ring.put(4, example(4, InputRow.of(5, 6), 1, 0, 0));
        arrival.missingInSource = 0;
        ring.put(5, example(5, InputRow.of(7, 8), 1, 0, 0));

        assertThat(ring.take(0).example.row().features()).containsExactly(1, 2, 3);
        assertThat(ring.take(1).example.target()).containsExactly(0, 0);
        assertThat(ring.take(2)).extracting(skipped -> skipped.example).isNull();
        assertThat(ring.take(3)).extracting(bad -> bad.fault).isSameAs(fault);
        assertThat(ring.take(4)).extracting(late -> late.missingInSource).isEqualTo(4L);
        assertThat(ring.take(5).example.row().features()).containsExactly(7, 8);
    }

    /** A record may be large. */
    @Test
    void shouldNotKeepARecordThatWasTaken() {
        ArrivalRing ring = new ArrivalRing(DECLARED, 2, 1);
        WeakReference<byte[]> value = new WeakReference<>(new byte[1 << 20]);
        ring.put(0, example(0, declared(1, 2, value.get(), 3, 4), 1, 0, 0));
        ring.put(1, example(1, declared(1, 2, null, 3, 4), 1, 0, 0));
        ring.take(0);
        ring.take(1);
        for (int i = 0; i < 50 && value.get() != null; i++) {
            System.gc();
        }
        assertThat(value.get()).isNull();
    }

    @Test
    void shouldHoldFewRowsOfManyFeatures() {
        assertThat(new ArrivalRing(null, 8, 1).capacity()).isEqualTo(4096);
        assertThat(new ArrivalRing(null, 784, 1).capacity()).isEqualTo(1024);
        assertThat(new ArrivalRing(null, 4096, 1).capacity()).isEqualTo(256);
        assertThat(new ArrivalRing(null, 1_000_000, 1).capacity()).isEqualTo(8);
    }
}
