package io.millrace.topology.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.DeadLetter.Place;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** The header of a copy in the learning log. */
class SourceTest {
    private static final String ID = Uuid.randomUuid().toString();

    private static Headers headers(byte[] value) {
        return new RecordHeaders().add("trace", new byte[] {1}).add(Source.HEADER, value);
    }

    @Test
    void shouldReadWhatItWrites() {
        Source.Writer writer = new Source.Writer("my-topic.a_b-3", 11, ID);
        for (long number : new long[] {0, 1, 9, 10, 99, 123_456_789, 999_999_999_999_999_999L}) {
            Headers headers = headers(writer.write(number, 7 * (number % 1000)));
            assertThat(Source.of(headers))
                    .isEqualTo(new Source(new Place("my-topic.a_b-3", 11, number), 7 * (number % 1000), ID, 0, 0));
            assertThat(Source.timestamp(headers, 5)).isEqualTo(7 * (number % 1000));
            assertThatCode(() -> Source.requireWhole(headers)).doesNotThrowAnyException();
            assertThat(Source.without(headers).toArray()).hasSize(1);
        }
    }

    @Test
    void shouldRefuseACopyWithoutItsContent() {
        Headers headers = headers(new Source.Writer("orders", 0, ID).write(8, 9, 2_000_000, 0));
        assertThat(Source.of(headers).leftOut()).isEqualTo(2_000_000);
        assertThatThrownBy(() -> Source.requireWhole(headers))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("2000000 bytes and does not fit into the learning log");
    }

    @Test
    void shouldTellWhatWasDeletedBeforeIt() {
        Source.Writer writer = new Source.Writer("orders", 0, ID);
        Headers whole = headers(writer.write(8, 9, 0, 200));
        assertThat(Source.missing(whole)).isEqualTo(200);
        assertThat(Source.of(whole)).isEqualTo(new Source(new Place("orders", 0, 8), 9, ID, 0, 200));
        assertThat(Source.timestamp(whole, 5)).isEqualTo(9);
        assertThatCode(() -> Source.requireWhole(whole)).doesNotThrowAnyException();
        Headers cut = headers(writer.write(8, 9, 2_000_000, 200));
        assertThat(Source.missing(cut)).isEqualTo(200);
        assertThat(Source.of(cut).leftOut()).isEqualTo(2_000_000);
        assertThat(Source.missing(headers(writer.write(8, 9)))).isZero();
        assertThat(Source.missing(headers(writer.write(8, 9, 7, 0)))).isZero();
        assertThat(Source.missing(headers(null))).isZero();
        assertThat(Source.missing(new RecordHeaders())).isZero();
    }

    @Test
    void shouldTreatARecordWithoutTheHeaderOrWithAnotherContentAsNoCopy() {
        Random random = new Random(1);
        assertThat(Source.timestamp(new RecordHeaders(), 5)).isEqualTo(5);
        assertThat(Source.of(new RecordHeaders())).isNull();
        assertThat(Source.of(headers(null))).isNull();
        byte[] good = new Source.Writer("orders", 2, ID).write(17, 1_700_000_000_000L);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            damaged = random.nextBoolean()
                    ? damaged
                    : new String(damaged, StandardCharsets.ISO_8859_1)
                            .substring(0, random.nextInt(good.length))
                            .getBytes(StandardCharsets.ISO_8859_1);
            Headers headers = headers(damaged);
            Source source = Source.of(headers);
            assertThat(Source.timestamp(headers, 5)).isGreaterThanOrEqualTo(0);
            if (source != null) {
                assertThat(Source.timestamp(headers, 5)).isEqualTo(source.timestamp());
            }
            Source.requireWhole(headers);
        }
    }
}
