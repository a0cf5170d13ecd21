package io.millrace.input.declared;

import static io.millrace.input.declared.Decoding.ids;
import static io.millrace.input.declared.Decoding.json;
import static io.millrace.input.declared.Decoding.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.input.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonValuesTest {
    @Test
    void shouldStepOverTheHeaderOfARegistry() {
        byte[] json = Decoding.json("{'a':5}");
        byte[] headed = new byte[json.length + 5];
        headed[4] = 12;
        System.arraycopy(json, 0, headed, 5, json.length);
        DeclaredDecoder decoder = DeclaredDecoder.json(Decoding.features("a: number"), null);

        Decoding.decode(decoder, headed);

        assertThat(decoder.row().numbers()).containsExactly(5);
    }

    @Test
    void shouldTakeTheLastOfTwoFieldsWithTheSameName() {
        assertThat(numbers("a: number", "{'a':1,'a':2}")).containsExactly(2);
        assertThat(numbers("a.b?: number, a.c: number", "{'a':{'b':1,'c':3},'a':{'c':2}}"))
                .containsExactly(Double.NaN, 1, 2);
        assertThat(ids(json("a: set", "{'a':['x','y'],'a':['z']}"))).isEqualTo(ids(json("a: set", "{'a':['z']}")));
        assertThat(ids(json("i[].s: set", "{'i':[{'s':'x','s':'y'},{'s':'z'}]}")))
                .isEqualTo(ids(json("i[].s: set", "{'i':[{'s':'y'},{'s':'z'}]}")));
        assertThat(numbers("a?: number", "{'a':1,'a':null}")).containsExactly(Double.NaN, 1);
    }

    @Test
    void shouldReadEscapesAsTheCharactersThatTheyStandFor() {
        assertThat(ids(json("a: category", "{'a':'gr\\u00f6\\u00dfe \\ud83d\\udeb2 \\/'}")))
                .isEqualTo(ids(json("a: category", "{'a':'größe 🚲 /'}")));
        assertThat(ids(json("a: category", "{'a':'x\\ud83d'}"))).isEqualTo(ids(json("a: category", "{'a':'x?'}")));
        assertThat(numbers("größe: number", "{'gr\\u00f6\\u00dfe':1}")).containsExactly(1);
    }

    @Test
    void shouldStepOverWhatIsNotDeclared() {
        assertThat(numbers(
                        "a.b: number",
                        "{'x':{'a':{'b':9}},'y':[1,[2,{'a':3}]],'a':{'x':[{}],'b':1,'z':null},'b':7,'z':'}'}"))
                .containsExactly(1);
    }

    @Test
    void shouldReadLongTexts() {
        String text = "größe ".repeat(20_000);

        assertThat(ids(json("a: words", "{'a':'" + text + "'}"))).hasSize(20_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "[1] => the record is an array in JSON where an object is expected",
                "5 => the record is a single value in JSON where an object is expected",
                "`` => the record is nothing in JSON where an object is expected",
                "{'a':1}{ => something follows behind the JSON object, at byte 7",
                "{'a':01} => not valid as JSON at byte 6: Invalid numeric value: Leading zeroes not allowed",
                "{'a':1 => not valid as JSON at byte 6: Unexpected end-of-input: expected close marker for Object"
            })
    void shouldSayWhatIsWrongWithTheBytes(String json, String message) {
        assertThatThrownBy(() -> json("a: number", json))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseArraysInOneAnotherWithoutEnd() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) '[');
        byte[] head = "{\"a\":".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(head, 0, deep, 0, head.length);

        for (String features : new String[] {"a?: set", "b?: set"}) {
            DeclaredDecoder decoder = DeclaredDecoder.json(Decoding.features(features), null);
            assertThatThrownBy(() -> Decoding.decode(decoder, deep))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("nesting depth");
        }
    }
}
