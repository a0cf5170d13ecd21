package io.millrace.input.declared;

import static io.millrace.input.declared.Decoding.avro;
import static io.millrace.input.declared.Decoding.ids;
import static io.millrace.input.declared.Decoding.json;
import static io.millrace.input.declared.Decoding.record;
import static io.millrace.input.declared.Decoding.schema;
import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.InputRow;
import io.millrace.learner.input.BadInputException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Avro's types become, beside the same value in JSON. */
class AvroTypesTest {
    private static Schema field(String type) {
        return schema("{'name':'a','type':" + type + "}");
    }

    private static void assertSame(InputRow avro, InputRow json) {
        assertThat(avro.numbers()).isEqualTo(json.numbers());
        assertThat(avro.ends()).isEqualTo(json.ends());
        assertThat(ids(avro)).isEqualTo(ids(json));
    }

    @Test
    void shouldReadEachPrimitive() {
        assertSame(avro("a: number", field("'int'"), Map.of("a", -7)), json("a: number", "{'a':-7}"));
        assertSame(
                avro("a: number", field("'long'"), Map.of("a", 1L << 60)),
                json("a: number", "{'a':1152921504606846976}"));
        assertSame(avro("a: number", field("'float'"), Map.of("a", 0.5f)), json("a: number", "{'a':0.5}"));
        assertSame(avro("a: number", field("'double'"), Map.of("a", 0.1)), json("a: number", "{'a':0.1}"));
        assertSame(avro("a: flag", field("'boolean'"), Map.of("a", true)), json("a: flag", "{'a':true}"));
        assertSame(
                avro("a: category", field("'string'"), Map.of("a", "größe 🚲")),
                json("a: category", "{'a':'größe 🚲'}"));
        assertSame(avro("a: number", field("'string'"), Map.of("a", "12.5")), json("a: number", "{'a':'12.5'}"));
        assertSame(avro("a?: number", field("'double'"), Map.of("a", NaN)), json("a?: number", "{'a':NaN}"));
    }

    @Test
    void shouldReadEnumsAsTexts() {
        Schema schema = field("{'type':'enum','name':'E','symbols':['FREE','PRO']}");
        Object pro = new GenericData.EnumSymbol(schema.getField("a").schema(), "PRO");

        assertSame(avro("a: oneof(FREE|PRO)", schema, Map.of("a", pro)), json("a: oneof(FREE|PRO)", "{'a':'PRO'}"));
        assertSame(avro("a: category", schema, Map.of("a", pro)), json("a: category", "{'a':'PRO'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12.50", "-0.01", "0.00", "123456789012345678901234567890.12", "-99999999999999.99"})
    void shouldReadDecimalsOfBytesAndOfFixedLength(String number) {
        BigDecimal decimal = new BigDecimal(number);
        byte[] unscaled = decimal.unscaledValue().toByteArray();
        byte[] padded = new byte[20];
        Arrays.fill(padded, (byte) (decimal.signum() < 0 ? -1 : 0));
        System.arraycopy(unscaled, 0, padded, padded.length - unscaled.length, unscaled.length);
        Schema bytes = field("{'type':'bytes','logicalType':'decimal','precision':40,'scale':2}");
        Schema fixed = field("{'type':'fixed','name':'D','size':20,'logicalType':'decimal','precision':40,'scale':2}");
        Object inFixed = new GenericData.Fixed(fixed.getField("a").schema(), padded);

        for (String features : List.of("a: number", "a: log", "a: category")) {
            InputRow expected = json(features, "{'a':" + number + "}");
            assertSame(avro(features, bytes, Map.of("a", ByteBuffer.wrap(unscaled))), expected);
            assertSame(avro(features, fixed, Map.of("a", inFixed)), expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "long, timestamp-millis, 1714566615250, 2024-05-01T12:30:15.250Z",
        "long, timestamp-micros, 1714566615250125, 2024-05-01T12:30:15.250125Z",
        "long, timestamp-nanos, 1714566615250125007, 2024-05-01T12:30:15.250125007Z",
        "long, local-timestamp-millis, 1714566615250, 2024-05-01T12:30:15.250",
        "long, local-timestamp-micros, 1714566615250125, 2024-05-01T12:30:15.250125",
        "long, local-timestamp-nanos, 1714566615250125007, 2024-05-01T12:30:15.250125007",
        "long, none, 1714566615, 2024-05-01T12:30:15Z",
        "int, date, 19844, 2024-05-01"
    })
    void shouldReadTimes(String type, String logical, long number, String text) {
        String features = "a: time(hour|weekday|year|age,Europe/Berlin)";
        Schema schema = field("{'type':'" + type + "','logicalType':'" + logical + "'}");
        Object value = type.equals("int") ? (Object) (int) number : (Object) number;

        assertSame(avro(features, schema, Map.of("a", value)), json(features, "{'a':'" + text + "'}"));
    }

    @Test
    void shouldReadTimesOfDay() {
        InputRow expected = json("a: time(hour)", "{'a':'18:30:15.5'}");

        assertSame(
                avro("a: time(hour)", field("{'type':'int','logicalType':'time-millis'}"), Map.of("a", 66_615_500)),
                expected);
        assertSame(
                avro(
                        "a: time(hour)",
                        field("{'type':'long','logicalType':'time-micros'}"),
                        Map.of("a", 66_615_500_000L)),
                expected);
    }

    /** Debezium marks times by names of Kafka Connect, and not by Avro's logical types. */
    @Test
    void shouldReadTheDatesOfDebezium() {
        assertSame(
                avro(
                        "a: time(year)",
                        field("{'type':'int','connect.name':'io.debezium.time.Date'}"),
                        Map.of("a", 19844)),
                json("a: time(year)", "{'a':'2024-05-01'}"));
        assertSame(
                avro(
                        "a: time(hour,Asia/Tokyo)",
                        field("{'type':'long','connect.name':'io.debezium.time.MicroTimestamp'}"),
                        Map.of("a", 1_714_566_615_000_000L)),
                json("a: time(hour,Asia/Tokyo)", "{'a':'2024-05-01T12:30:15'}"));
    }

    @Test
    void shouldReadUuidsAsTexts() {
        UUID uuid = UUID.fromString("0123e456-89ab-4def-8012-3456789abcde");
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        Schema text = field("{'type':'string','logicalType':'uuid'}");
        Schema fixed = field("{'type':'fixed','name':'U','size':16,'logicalType':'uuid'}");
        Object inFixed = new GenericData.Fixed(fixed.getField("a").schema(), bytes.array());
        InputRow expected = json("a: category", "{'a':'" + uuid + "'}");

        assertSame(avro("a: category", text, Map.of("a", uuid.toString())), expected);
        assertSame(avro("a: category", fixed, Map.of("a", inFixed)), expected);
    }

    @Test
    void shouldReadUnionsOfSeveralTypes() {
        Schema schema = field("['null','int','string',{'type':'array','items':'string'},"
                + "{'type':'record','name':'R','fields':[{'name':'b','type':'double'}]}]");
        Schema inner = schema.getField("a").schema().getTypes().get(4);
        Map<String, Object> missing = new HashMap<>();
        missing.put("a", null);

        assertSame(avro("a?: category", schema, missing), json("a?: category", "{'a':null}"));
        assertSame(avro("a: category", schema, Map.of("a", 5)), json("a: category", "{'a':5}"));
        assertSame(avro("a: category", schema, Map.of("a", "x")), json("a: category", "{'a':'x'}"));
        assertSame(avro("a: set", schema, Map.of("a", List.of("x", "y"))), json("a: set", "{'a':['x','y']}"));
        assertSame(
                avro("a.b|a: number", schema, Map.of("a", record(inner, Map.of("b", 2.5)))),
                json("a.b|a: number", "{'a':{'b':2.5}}"));
    }

    @Test
    void shouldReadRecordsInRecordsAndKeysOfMaps() {
        Schema schema = schema("{'name':'before','type':{'type':'map','values':{'type':'array','items':'long'}}},"
                + "{'name':'c','type':{'type':'record','name':'C','fields':["
                + "{'name':'skipped','type':'float'},{'name':'also','type':'double'},{'name':'n','type':'int'},"
                + "{'name':'m','type':{'type':'map','values':['null','string','double']}}]}},"
                + "{'name':'after','type':'string'}");
        Map<String, Object> map = new HashMap<>(Map.of("colour", "red", "size", 4.5, "'x'", "y"));
        map.put("none", null);
        GenericData.Record customer =
                record(schema.getField("c").schema(), Map.of("skipped", 1f, "also", 2.0, "n", 3, "m", map));
        Map<String, Object> values =
                Map.of("before", Map.of("k", List.of(1L, 2L), "l", List.of()), "c", customer, "after", "end");
        String features = "c.m.size: number, c.n: number, c.m.colour: category, c.m.none?: category, c.m.gone?: flag,"
                + " after: words";
        String json = "{'c':{'n':3,'m':{'colour':'red','size':4.5,'none':null}},'after':'end'}";

        assertSame(avro(features, schema, values), json(features, json));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64})
    void shouldReadArraysInBlocks(int blockBytes) {
        Schema schema = schema("{'name':'skipped','type':{'type':'array','items':'string'}},"
                + "{'name':'items','type':{'type':'array','items':{'type':'record','name':'I','fields':["
                + "{'name':'sku','type':['null','string']},{'name':'n','type':'int'}]}}},"
                + "{'name':'v','type':{'type':'array','items':'float'}}");
        Schema item = schema.getField("items").schema().getElementType();
        List<GenericData.Record> items = List.of(
                record(item, Map.of("sku", "first", "n", 1)),
                record(item, Map.of("n", 2)),
                record(item, Map.of("sku", "second with a long name so that a block ends", "n", 3)),
                record(item, Map.of("sku", "third with a long name so that another block ends", "n", 3)));
        Map<String, Object> values =
                Map.of("skipped", List.of("a", "b".repeat(100), "c"), "items", items, "v", List.of(1f, 2f, 3f));
        String features = "items[].sku: set, v: numbers(3)";
        DeclaredDecoder decoder = Decoding.decoder(Decoding.features(features), null, schema);

        Decoding.decode(decoder, Decoding.avro(record(schema, values), schema, blockBytes));

        assertSame(
                decoder.row(),
                json(
                        features,
                        "{'items':[{'sku':'first'},{'sku':null},{'sku':'second with a long name so that a block ends'},"
                                + "{'sku':'third with a long name so that another block ends'}],'v':[1,2,3]}"));
    }

    /** A few bytes may say that there are two billion nulls. */
    @Test
    void shouldStepOverItemsWithoutBytesAtOnce() {
        Schema schema = schema("{'name':'n','type':{'type':'array','items':'null'}},"
                + "{'name':'f','type':{'type':'array','items':{'type':'fixed','name':'F','size':0}}},"
                + "{'name':'a','type':'int'}");
        byte[] bytes = {0, 0, 0, 0, 12, -2, -1, -1, -1, -1, -1, -1, -1, 127, 0, -2, -1, -1, -1, 15, 0, 14};
        DeclaredDecoder decoder = Decoding.decoder(Decoding.features("a: number, n?: set"), null, schema);

        Decoding.decode(decoder, bytes);

        assertThat(decoder.row().numbers()).containsExactly(7);
    }

    @Test
    void shouldNotFollowAListOfRecordsWithoutEnd() {
        Schema schema = schema("{'name':'next','type':['null','Order']},{'name':'a','type':'int'}");
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 2); // the second branch, and so on
        System.arraycopy(new byte[] {0, 0, 0, 0, 12}, 0, deep, 0, 5);
        DeclaredDecoder decoder = Decoding.decoder(Decoding.features("a: number"), null, schema);

        assertThatThrownBy(() -> Decoding.decode(decoder, deep))
                .isInstanceOf(BadInputException.class)
                .hasMessage("not valid as shop.Order (schema id 12): more than 1000 records are in one another");
    }

    /** The next record must not suffer from the one that was refused. */
    @Test
    void shouldGoOnAfterABadRecord() {
        Schema schema = field("['null','string']");
        DeclaredDecoder decoder = Decoding.decoder(Decoding.features("a?: category"), null, schema);
        byte[] good = Decoding.avro(record(schema, Map.of("a", "x")), schema);

        for (byte[] bad : List.of(
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1),
                new byte[] {0, 0, 0},
                new byte[] {1, 2, 3, 4, 5, 6})) {
            assertThatThrownBy(() -> Decoding.decode(decoder, bad)).isInstanceOf(BadInputException.class);
            Decoding.decode(decoder, good);
            assertSame(decoder.row(), json("a?: category", "{'a':'x'}"));
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheBytes() {
        Schema schema = field("'string'");
        DeclaredDecoder decoder = Decoding.decoder(Decoding.features("a: category"), null, schema);

        assertThatThrownBy(() -> Decoding.decode(decoder, new byte[] {0, 0, 0, 0, 12, 20, 'x'}))
                .hasMessage("not valid as shop.Order (schema id 12): the record ends early");
        assertThatThrownBy(() -> Decoding.decode(decoder, new byte[] {0, 0, 0, 0, 12, 1, 'x'}))
                .hasMessage("not valid as shop.Order (schema id 12): a length is -1");
        assertThatThrownBy(() -> Decoding.decode(decoder, new byte[] {0, 0, 0, 0, 12, 2, 'x', 0}))
                .hasMessage("not valid as shop.Order (schema id 12): 1 bytes are left over");
        assertThatThrownBy(() -> Decoding.decode(decoder, Decoding.json("{'a':'x'}")))
                .hasMessage(
                        "the record starts with byte 123 where the registry's wire format has 0. Was it written without a"
                                + " schema registry serializer? It looks like JSON, which value.format=json reads");
    }
}
