package io.millrace.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.UsageException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OwnRecordsTest {
    private static final Function<ObjectNode, byte[]> TEXT =
            object -> object.toString().getBytes(StandardCharsets.UTF_8);

    private static List<OwnRecord> read(String lines) {
        List<OwnRecord> records = new ArrayList<>();
        new OwnRecords(new BufferedReader(new StringReader(lines)), "file", TEXT).forEachRemaining(records::add);
        return records;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadAnObjectFromEachLineWithItsDigits() {
        assertThat(read("\uFEFF{\"a\": 1.10}\n\n  {\"b\": [12345678901234567890]}\r\n"))
                .extracting(record -> text(record.value()))
                .containsExactly("{\"a\":1.10}", "{\"b\":[12345678901234567890]}");
    }

    @Test
    void shouldTakeKeyTimestampAndHeadersOutOfTheValue() {
        OwnRecord record = read("{\"@key\": \"k\", \"a\": 1, \"@timestamp\": 17, \"@headers.source.x\": 5}")
                .get(0);
        assertThat(text(record.value())).isEqualTo("{\"a\":1}");
        assertThat(text(record.key())).isEqualTo("k");
        assertThat(record.timestamp()).isEqualTo(17);
        assertThat(text(record.headers().lastHeader("source.x").value())).isEqualTo("5");
    }

    @Test
    void shouldSayInWhichLineARecordIsNoneAndGoOn() {
        assertThat(read("{\"a\": \n[1]\n{\"a\": 1} 2\n{\"@timestamp\": -1}\n{\"a\": 2}"))
                .extracting(OwnRecord::fault)
                .satisfiesExactly(
                        fault -> assertThat(fault).startsWith("line 1: not valid as JSON: "),
                        fault -> assertThat(fault).isEqualTo("line 2: a record is an object, as in {\"amount\": 12.5}"),
                        fault -> assertThat(fault).startsWith("line 3: not valid as JSON: "),
                        fault -> assertThat(fault).isEqualTo("line 4: @timestamp is -1, no milliseconds since 1970"),
                        fault -> assertThat(fault).isNull());
    }

    @Test
    void shouldRefuseWhatIsNotInUtf8() {
        BufferedReader latin1 = new BufferedReader(new InputStreamReader(
                new ByteArrayInputStream(new byte[] {'{', (byte) 0xe4, '}'}), StandardCharsets.UTF_8.newDecoder()));
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new OwnRecords(latin1, "orders.json", TEXT).next())
                .withMessage("orders.json is not in UTF-8 behind line 0.");
    }
}
