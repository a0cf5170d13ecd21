package io.millrace.input.declared;

import static io.millrace.input.declared.Decoding.TIMESTAMP;
import static io.millrace.input.declared.Decoding.ids;
import static io.millrace.input.declared.Decoding.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.Declaration;
import io.millrace.input.declared.DeclaredDecoder.Outcome;
import io.millrace.input.declared.DeclaredDecoder.Target;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Label, weight, event time, and what is in a record beside its value. */
class ExamplesTest {
    private static final Target YES_NO = new Target(Task.CLASSIFICATION, List.of("no", "yes"));

    private static DeclaredDecoder decoder(String label, String weight, String eventTime, Target target) {
        return DeclaredDecoder.json(Declaration.parse("a: number", label, weight, eventTime), target);
    }

    private static float[] target(Target target, String label, String json) {
        DeclaredDecoder decoder = decoder(label, "", "", target);
        assertThat(Decoding.decode(decoder, json(json))).isEqualTo(Outcome.COMPLETE);
        return decoder.target();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`no,yes`, 'yes', 1", "`no,yes`, 0, 0", "`no,yes`, 1.0, 1", "`no,yes`, true, 1", "`no,yes`, false, 0",
                "`3,5,7`, 5, 1", "`3,5,7`, '7', 2", "`3,5,7`, 3.0, 0", "`true,false`, true, 0",
                        "`true,false`, 'false', 1",
                "`1,0`, 0, 1", "`1.0,2.0`, 2.0, 1", "`0.5,1.5`, 1.50, 1"
            })
    void shouldReadTheNameOfAClassOrElseItsIndex(String classes, String label, float index) {
        Target target = new Target(Task.CLASSIFICATION, List.of(classes.split(",")));

        assertThat(target(target, "y", "{'a':1,'y':" + label + "}")).containsExactly(index);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"`no,yes`, 'maybe', maybe", "`3,5,7`, 1, 1", "`no,yes`, 0.5, 0.5", "`1,0`, true, true"})
    void shouldRefuseALabelThatIsNoClass(String classes, String label, String shown) {
        Target target = new Target(Task.CLASSIFICATION, List.of(classes.split(",")));

        assertThatThrownBy(() -> target(target, "y", "{'a':1,'y':" + label + "}"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("unknown class \"" + shown + "\", known are " + classes);
    }

    @Test
    void shouldReadTargetsOfRegressions() {
        assertThat(target(Decoding.REGRESSION, "y", "{'a':1,'y':2.5}")).containsExactly(2.5f);
        assertThat(target(Decoding.REGRESSION, "y", "{'a':1,'y':'2.5'}")).containsExactly(2.5f);
        assertThat(target(Decoding.REGRESSION, "y", "{'a':1,'y':true}")).containsExactly(1);
        assertThat(target(Decoding.REGRESSION, "y.z, w", "{'a':1,'w':3,'y':{'z':2}}"))
                .containsExactly(2, 3);
        assertThat(target(new Target(Task.MULTILABEL, List.of("p", "q")), "p, q", "{'a':1,'p':true,'q':0}"))
                .containsExactly(1, 0);
        assertThatThrownBy(() -> target(Decoding.REGRESSION, "y", "{'a':1,'y':'high'}"))
                .hasMessage("y is \"high\", no number");
    }

    @Test
    void shouldReadLabelsOfAvro() {
        Schema schema = Decoding.schema("{'name':'a','type':'int'},"
                + "{'name':'y','type':['null',{'type':'enum','name':'E','symbols':['yes','no']},'boolean']}");
        DeclaredDecoder decoder = Decoding.decoder(Declaration.parse("a: number", "y", "", ""), YES_NO, schema);
        Object yes = new GenericData.EnumSymbol(
                schema.getField("y").schema().getTypes().get(1), "yes");

        Decoding.decode(decoder, Decoding.avro(Decoding.record(schema, Map.of("a", 1, "y", yes)), schema));
        assertThat(decoder.target()).containsExactly(1);
        Decoding.decode(decoder, Decoding.avro(Decoding.record(schema, Map.of("a", 1, "y", false)), schema));
        assertThat(decoder.target()).containsExactly(0);
        assertThat(Decoding.decode(decoder, Decoding.avro(Decoding.record(schema, Map.of("a", 1)), schema)))
                .isEqualTo(Outcome.NO_LABEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a':1}", "{'a':1,'y':null}", "{'a':1,'y':NaN}", "{'a':1,'y':''}", "{'a':'bad'}"})
    void shouldTakeARecordWithoutALabelAsNoExample(String json) {
        assertThat(Decoding.decode(decoder("y", "", "", YES_NO), json(json))).isEqualTo(Outcome.NO_LABEL);
        assertThat(Decoding.decode(decoder("z, y", "", "", Decoding.REGRESSION), json(json)))
                .isEqualTo(Outcome.NO_LABEL);
    }

    @Test
    void shouldTakeADeletionAsNoExample() {
        assertThat(Decoding.decode(decoder("y", "", "", YES_NO), null)).isEqualTo(Outcome.NO_VALUE);
    }

    @Test
    void shouldReadTheWeight() {
        DeclaredDecoder required = decoder("y", "w", "", Decoding.REGRESSION);
        Decoding.decode(required, json("{'a':1,'y':1,'w':2.5}"));
        assertThat(required.weight()).isEqualTo(2.5f);
        assertThatThrownBy(() -> Decoding.decode(required, json("{'a':1,'y':1}")))
                .hasMessage("w is missing; declare \"w?\" if it may be");

        DeclaredDecoder optional = decoder("y", "w?", "", Decoding.REGRESSION);
        Decoding.decode(optional, json("{'a':1,'y':1}"));
        assertThat(optional.weight()).isEqualTo(1);
    }

    @Test
    void shouldReadTheEventTime() {
        DeclaredDecoder decoder = decoder("y", "", "t, Europe/Berlin", Decoding.REGRESSION);
        Decoding.decode(decoder, json("{'a':1,'y':1,'t':'2024-05-01T14:30:15.123'}"));
        assertThat(decoder.eventTime())
                .isEqualTo(Instant.parse("2024-05-01T12:30:15.123Z").toEpochMilli());
        assertThatThrownBy(() -> Decoding.decode(decoder, json("{'a':1,'y':1}")))
                .hasMessage("t is missing; declare \"t?\" if it may be");
        assertThatThrownBy(() -> Decoding.decode(decoder, json("{'a':1,'y':1,'t':'12:30'}")))
                .hasMessage("t is \"12:30\", a time of day without a date");

        DeclaredDecoder optional = decoder("y", "", "t?", Decoding.REGRESSION);
        Decoding.decode(optional, json("{'a':1,'y':1}"));
        assertThat(optional.eventTime()).isEqualTo(TIMESTAMP);
    }

    /** A request is the record without its label; it needs an event time only if an age depends on it. */
    @Test
    void shouldNotNeedInARequestWhatOnlyLearningNeeds() {
        DeclaredDecoder decoder = decoder("y", "w", "t", null);
        assertThat(Decoding.decode(decoder, json("{'a':1}"))).isEqualTo(Outcome.COMPLETE);

        DeclaredDecoder aged = DeclaredDecoder.json(Declaration.parse("u: time(age)", "y", "", "t"), null);
        Decoding.decode(aged, json("{'u':1714566605,'t':1714566615}"));
        assertThat(aged.row().numbers()).containsExactly(StrictMath.log1p(10));
        assertThatThrownBy(() -> Decoding.decode(aged, json("{'u':1714566605}")))
                .hasMessageStartingWith("t is missing");
    }

    @Test
    void shouldReadKeyTimestampAndHeaders() {
        String features = "@key: category, @timestamp: time(age), @headers.n: number, @headers.gone?: flag";
        DeclaredDecoder decoder = DeclaredDecoder.json(Decoding.features(features), null);
        RecordHeaders headers = new RecordHeaders();
        headers.add("n", bytes("4")).add("n", bytes("5"));

        decoder.decode(bytes("k"), json("{}"), headers, TIMESTAMP);

        assertThat(decoder.row().numbers()).containsExactly(0, 5, 0, 1);
        assertThat(ids(decoder.row())).isEqualTo(ids(json("k: category", "{'k':'k'}")));
        assertThatThrownBy(() -> decoder.decode(null, json("{}"), headers, TIMESTAMP))
                .hasMessage("@key is missing; declare \"@key?\" if it may be");
    }

    @Test
    void shouldKeepTheBytesOfTheRecordForItsDeadLetter() {
        DeclaredDecoder decoder = decoder("y", "", "", Decoding.REGRESSION);
        byte[] value = json("{'a':1,'y':1}");

        Decoding.decode(decoder, value);

        assertThat(decoder.row().record()).isSameAs(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
