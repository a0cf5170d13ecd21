package io.millrace.topology.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.Configuration;
import io.millrace.avro.InputStretch;
import io.millrace.avro.OffsetRange;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.value.Zone;
import io.millrace.input.Inputs;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.history.InputHistory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a replay does with a record whose schema the registry does not know, and with times of zones. */
class ReplayTest {
    private static final byte[] OF_NO_SCHEMA =
            ByteBuffer.allocate(9).put((byte) 0).putInt(4711).array();

    private static VersionHistory history(Map<String, String> settings) {
        return new VersionHistory(
                List.of(new Configuration(0L, 0L, settings, 0)),
                List.of(new InputStretch("examples", "A", 0L, 9L, InputHistory.START)),
                List.of(),
                List.of(),
                0,
                false,
                9);
    }

    private static Map<String, String> settings(String zone) {
        return ConfigurationText.of(
                TestConfigs.declared("features", "amount: number", "label", "label", "event.time", "created, " + zone));
    }

    @Test
    void shouldNameTheTzDatabaseThatTimesOfAZoneWereLearnedWith() {
        Map<String, String> settings = settings("Europe/Berlin");
        assertThat(history(settings).otherTimeZones()).isEmpty();
        settings.put("tzdata", "2019a");
        assertThat(history(settings).otherTimeZones())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("times of zones were learned with the tz database 2019a, and this Java has 20"));
        assertThat(ConfigurationText.spec(settings).declaration().eventTime().zone())
                .hasToString("Europe/Berlin");
    }

    @Test
    void shouldNotNoteTheTzDatabaseWhereNoClocksChange() {
        assertThat(ConfigurationText.tzdata(settings("+02:00"))).isEmpty();
        assertThat(ConfigurationText.tzdata(ConfigurationText.of(TestConfigs.with())))
                .isEmpty();
        assertThat(ConfigurationText.tzdata(ConfigurationText.of(
                        TestConfigs.declared("features", "created: time(hour,Europe/Berlin)", "label", "label"))))
                .contains(Zone.dataVersion());
    }

    private static Replay.Counts take(long omittedSince, OffsetRange... omitted) {
        MillraceConfig config = TestConfigs.with();
        VersionHistory history = new VersionHistory(
                List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)),
                List.of(new InputStretch("examples", "A", 0L, 9L, InputHistory.START)),
                List.of(),
                List.of(omitted),
                omittedSince,
                false,
                9);
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            Replay replay = new Replay(history, 0, Inputs.ofReplay(serdes));
            replay.take(0, new ConsumerRecord<>("examples", 0, 5, null, OF_NO_SCHEMA));
            return replay.counts();
        }
    }

    @Test
    void shouldNotAccuseAVersionOfARecordWhoseSchemaTheRegistryHasForgotten() {
        assertThatThrownBy(() -> take(0))
                .isInstanceOf(CannotReplayException.class)
                .hasMessageContaining(
                        "the schema of the record at offset 5 of examples was available to training, but is not available now")
                .hasMessageContaining("4711");
    }

    @Test
    void shouldLeaveOutWhatWasLeftOutAndTakeWhatAnOlderMillraceDidNotNoteForADeadLetter() {
        assertThat(take(0, new OffsetRange(0, 4L, 6L))).isEqualTo(new Replay.Counts(1, 0, 0, 0, 1));
        assertThat(take(6)).isEqualTo(new Replay.Counts(1, 1, 0, 0, 0));
    }

    @Test
    void shouldNotCountRecordsWithoutValueOrLabelAsLearned() {
        Map<String, String> settings = ConfigurationText.of(
                TestConfigs.declared("features", "amount: number", "label", "label", "value.format", "json"));
        try (AvroSerdes serdes = new AvroSerdes(TestConfigs.with().registry())) {
            Replay replay = new Replay(history(settings), 0, Inputs.ofReplay(serdes));
            String[] values = {"{\"amount\": 1, \"label\": 1}", "{\"amount\": 1, \"label\": null}", null};
            for (int i = 0; i < values.length; i++) {
                byte[] value = values[i] == null ? null : values[i].getBytes(StandardCharsets.UTF_8);
                replay.take(0, new ConsumerRecord<>("examples", 0, i, null, value));
            }
            assertThat(replay.counts()).isEqualTo(new Replay.Counts(3, 0, 0, 2, 0));
            assertThat(replay.counts().learned()).isEqualTo(1);
        }
    }
}
