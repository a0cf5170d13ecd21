package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class LetterTest {
    private static Letter of(byte[] value) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("dead-letters", 0, 5, null, value);
        record.headers().add("millrace.cause", "amount is \"12,50\", no number".getBytes(StandardCharsets.UTF_8));
        record.headers().add("millrace.topic", "orders".getBytes(StandardCharsets.UTF_8));
        record.headers().add("millrace.partition", "3".getBytes(StandardCharsets.UTF_8));
        record.headers().add("millrace.offset", "77".getBytes(StandardCharsets.UTF_8));
        return Letter.of(record);
    }

    @Test
    void shouldTellTheCauseThePlaceAndTheBeginningOfATextValue() {
        Letter letter = of("{\"amount\": \"12,50\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(letter.cause()).isEqualTo("amount is \"12,50\", no number");
        assertThat(letter.topic()).isEqualTo("orders");
        assertThat(letter.partition()).isEqualTo(3);
        assertThat(letter.offset()).isEqualTo(77);
        assertThat(letter.value()).isEqualTo("{\"amount\": \"12,50\"}");
        assertThat(of("é".repeat(5000).getBytes(StandardCharsets.UTF_8)).value())
                .isEqualTo("é".repeat(300) + "...");
    }

    @Test
    void shouldShowOtherBytesInHex() {
        assertThat(of(new byte[] {0, 0, 0, 0, 7, (byte) 0xff}).value()).isEqualTo("00 00 00 00 07 ff");
        assertThat(of(new byte[1000]).value()).hasSize(60 * 3 + 3).endsWith(" 00 ...");
        assertThat(of(null).value()).isEmpty();
    }
}
