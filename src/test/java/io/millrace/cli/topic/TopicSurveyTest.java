package io.millrace.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import io.millrace.config.MillraceConfig;
import io.millrace.input.declared.JsonRecord;
import io.millrace.records.AvroSerdes;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What init concludes from the records of a topic. */
class TopicSurveyTest {
    private static final int RECORDS = 200;
    private static final Map<String, String> CLUSTER =
            Map.of("bootstrap.servers", "localhost:1", "schema.registry.url", "mock://survey");

    private AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://survey"));

    @AfterEach
    void close() {
        serdes.close();
    }

    private static TopicSample sample(int count, IntFunction<byte[]> values) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = ("user" + i % 40).getBytes(StandardCharsets.UTF_8);
            records.add(new ConsumerRecord<>("orders", i % 6, i / 6, key, values.apply(i)));
        }
        return new TopicSample(6, records);
    }

    private static IntFunction<byte[]> json(IntFunction<String> objects) {
        return i -> objects.apply(i).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private FoundConfiguration found(TopicSample sample, String... labels) {
        return new FoundConfiguration(new TopicSurvey("orders", sample, serdes, List.of(labels)), CLUSTER, serdes);
    }

    private static Map<String, String> settings(FoundConfiguration found) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(found.text()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return properties.stringPropertyNames().stream().collect(Collectors.toMap(key -> key, properties::getProperty));
    }

    @Test
    void shouldDeclareTheFieldsOfJson() {
        FoundConfiguration found = found(
                sample(
                        RECORDS,
                        json(i -> "{'id': '" + new UUID(i, 7L * i) + "', 'currency': 'EUR', 'plan': '"
                                + List.of("free", "pro, or more", "team").get(i % 3) + "', 'copy': '"
                                + (i % 2 == 0 ? "a" : "b")
                                + "', 'price': '" + (i * 13 % 70) + ".50', 'ts': " + (1_714_550_400.25 + 3600.0 * i)
                                + ", 'customer': "
                                + (i % 5 == 0
                                        ? "null"
                                        : "{'user name': 'u" + i % 60 + "', 'vip': " + (i % 4 == 0) + "}")
                                + ", 'items': [{'sku': 's" + i % 9 + "', 'price': 1.5}], 'place': [" + i
                                + ", 2.5], 'day': '0" + (1 + i % 9)
                                + ".03.2024', 'label': '" + (i % 2 == 0 ? "no" : "yes") + "'}")),
                "label");
        assertThat(settings(found))
                .containsEntry("value.format", "json")
                .containsEntry("label", "label")
                .containsEntry("model.task", "classification")
                .containsEntry("model.classes", "no,yes")
                .containsEntry("topics.examples", "orders")
                .containsEntry("topics.features", "millrace.orders.features")
                .containsEntry(
                        "features",
                        "plan: oneof(free|'pro, or more'|team), price: number, ts: time(hour|weekday),"
                                + " items[].sku: set, place: numbers(2), customer.'user name'?: category, customer.vip?: flag");
        assertThat(found.undecided()).isEmpty();
        assertThat(found.overview())
                .anyMatch(line -> line.matches("  id +left out: it has another text in nearly every record"))
                .anyMatch(line -> line.matches("  currency +left out: it is always \"EUR\""))
                .anyMatch(line -> line.matches("  copy +left out: it tells the label: each of its 2 values .*"))
                .anyMatch(line -> line.matches("  day +left out: it is a time that is not written as ISO 8601 says.*"))
                .contains(
                        "Of the records, 200 can be learned, 0 have no label and are skipped, 0 go to the dead letters.");
        assertThat(found.text()).contains("# The key can be a feature, too, if no field says the same: @key: category");
    }

    @Test
    void shouldDeclareTheFieldsOfAvroByTheirLogicalTypes() throws Exception {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "fields": [
                  {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "due", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "note", "type": ["null", "string"]},
                  {"name": "raw", "type": "bytes"},
                  {"name": "size", "type": ["null", "int"], "default": null},
                  {"name": "attributes", "type": {"type": "map", "values": "string"}},
                  {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID", "LOST"]}}]}
                """);
        serdes.client().register("orders-value", new AvroSchema(schema));
        var serializer = serdes.genericValueSerializer();
        FoundConfiguration found = found(
                sample(RECORDS, i -> {
                    GenericRecord order = AvroFromJson.record(
                            JsonRecord.JSON
                                    .createObjectNode()
                                    .put("amount", new BigDecimal(i * 17 % 90 + ".25"))
                                    .put("at", 1_714_550_400_000L + 3_600_000L * i)
                                    .put("due", 19_844 + i % 10)
                                    .put("raw", "x" + i)
                                    .put("size", i % 7)
                                    .put("status", i % 2 == 0 ? "NEW" : "PAID")
                                    .setAll(Map.of(
                                            "attributes",
                                            JsonRecord.JSON.createObjectNode().put("shop", "s" + i % 3))),
                            schema);
                    order.put("note", i % 3 == 0 ? null : "please ring the bell " + i);
                    return serializer.serialize("orders", order);
                }),
                "status");
        assertThat(settings(found))
                .containsEntry("value.format", "avro")
                .containsEntry("model.classes", "NEW,PAID,LOST")
                .containsEntry(
                        "features",
                        "amount: number, at: time(hour|weekday), due: time(weekday), note?: words, size?: number,"
                                + " attributes.shop: oneof(s0|s1|s2)");
        assertThat(found.overview()).anyMatch(line -> line.matches("  raw +left out: it holds bytes"));
        assertThat(found.text()).contains("# It has 3 values: NEW (100), PAID (100), LOST (0).");
    }

    @Test
    void shouldTellNumbersToPredictFromClasses() {
        IntFunction<String> objects = i -> "{'x': " + i * 31 % 17 + ", 'stars': " + (1 + i % 5) + ", 'amount': "
                + i / 7.0 + ", 'a': " + (i % 2 == 0) + ", 'b': " + (i % 3 == 0) + "}";
        assertThat(settings(found(sample(RECORDS, json(objects)), "stars")))
                .containsEntry("model.classes", "1,2,3,4,5")
                .containsEntry("model.task", "classification");
        assertThat(settings(found(sample(RECORDS, json(objects)), "amount")))
                .containsEntry("model.task", "regression")
                .doesNotContainKey("model.classes");
        assertThat(settings(found(sample(RECORDS, json(objects)), "x", "amount")))
                .containsEntry("model.task", "regression")
                .containsEntry("model.targets", "2")
                .containsEntry("label", "x, amount");
        assertThat(settings(found(sample(RECORDS, json(objects)), "a", "b")))
                .containsEntry("model.task", "multilabel")
                .containsEntry("model.classes", "a,b");
    }

    @Test
    void shouldLeaveToTheUserWhatTheRecordsDoNotTell() {
        FoundConfiguration one = found(sample(RECORDS, json(i -> "{'x': " + i % 7 + ", 'label': 'no'}")), "label");
        assertThat(one.undecided()).singleElement().asString().contains("label is always \"no\"");
        assertThat(one.text()).contains("# It has 1 value: no (200).");
        assertThat(one.text()).contains("\n# Not decided: model.classes: ").contains("\n#model.classes=no\n");
        FoundConfiguration comma = found(
                sample(RECORDS, json(i -> "{'x': " + i % 7 + ", 'label': '" + (i % 2 == 0 ? "a,b" : "c") + "'}")),
                "label");
        assertThat(comma.undecided()).singleElement().asString().contains("\"a,b\", a value of label, has a comma");
    }

    @Test
    void shouldCountRecordsThatCannotBeLearned() {
        FoundConfiguration found = found(
                sample(
                        RECORDS,
                        json(i -> i == 50
                                ? "{'x': "
                                : "{'x': " + (i == 60 ? "'soon'" : i % 7) + ", 'y': " + i % 3 + ", 'label': "
                                        + (i == 70 ? "null" : i % 2 == 0) + "}")),
                "label");
        assertThat(found.overview())
                .anyMatch(line ->
                        line.startsWith("1 of the records cannot be read; the first is partition 2, offset 8: not"))
                .contains(
                        "Of the records, 197 can be learned, 1 have no label and are skipped, 2 go to the dead letters; the"
                                + " first because not valid as JSON at byte 6: Unexpected end-of-input within/between Object entries.");
    }

    @Test
    void shouldFindTheLabelBehindMoreFieldsThanItLooksAt() {
        String numbers = IntStream.range(0, 2100)
                .mapToObj(field -> "'f" + field + "': " + field % 3 + ".5, ")
                .collect(Collectors.joining());
        FoundConfiguration found = found(
                sample(
                        20,
                        json(i -> "{" + (i % 2 == 0 ? numbers : numbers.replace(".5", ".25")) + "'late': "
                                + (i % 3 == 0) + "}")),
                "late");
        assertThat(settings(found)).containsEntry("model.classes", "false,true");
        assertThat(found.overview())
                .contains(
                        "The records have more fields than the 2001 that were looked at. Declare others that say something.");
    }

    @Test
    void shouldShowAFieldInOneLineWhateverItsTextsAre() {
        FoundConfiguration found = found(
                sample(
                        20,
                        json(i -> "{'text': '" + (i % 2 == 0 ? "a\\nb" : "\\u001b[2J") + "', 'late': " + (i % 3 == 0)
                                + "}")),
                "late");
        assertThat(found.overview())
                .anyMatch(line -> line.startsWith("  text: oneof("))
                .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }

    private void assertFails(Class<? extends Exception> type, String sentence, TopicSample sample, String... labels) {
        assertThatExceptionOfType(type).isThrownBy(() -> found(sample, labels)).withMessageContaining(sentence);
    }

    @Test
    void shouldSayWhyThereIsNoConfiguration() {
        TopicSample good =
                sample(RECORDS, json(i -> "{'x': " + i * 3.5 + ", 'tags': ['a'], 'late': " + (i % 2 == 0) + "}"));
        assertFails(UsageException.class, "there is no field \"lat\" in orders; it has x, tags, late.", good, "lat");
        assertFails(
                UsageException.class,
                "--label is missing: it names the field that is to be predicted. Fields of orders that could be it: x (is a"
                        + " number), late (is true or false).",
                good);
        assertFails(FailedException.class, "tags has many values; a label is one.", good, "tags");
        assertFails(
                FailedException.class, "orders has no record with a value yet.", sample(0, json(i -> "{}")), "late");
        assertFails(
                FailedException.class,
                "orders has 1 record, too few to tell what its fields are: init needs 10.",
                sample(1, json(i -> "{'x': 1}")),
                "x");
        assertFails(
                FailedException.class,
                "orders holds neither Avro in the registry's wire format nor objects of JSON: its records begin with the bytes"
                        + " 68 65 6c 6c 6f.",
                sample(20, json(i -> "hello")),
                "x");
        assertFails(
                FailedException.class,
                "orders has no field to learn from: x is always \"1\".",
                sample(20, json(i -> "{'x': 1, 'late': " + (i % 2 == 0) + "}")),
                "late");
        assertFails(
                FailedException.class,
                "The label late has no value in the newest 20 records",
                sample(20, json(i -> "{'x': " + i + ", 'late': null}")),
                "late");
        assertFails(
                FailedException.class,
                "The label name has more than 1000 different texts in the newest 1500 records, too many for classes. Name a"
                        + " field with fewer values, or with numbers.",
                sample(1500, json(i -> "{'x': " + i % 9 + ", 'name': 'n" + i + "'}")),
                "name");
        assertFails(
                FailedException.class,
                "orders has 0 records that can be read (partition 0, offset 0: ",
                sample(20, json(i -> "{'x': ")),
                "x");
    }

    @Test
    void shouldRefuseProtobufByTheTypeOfItsSchema() throws Exception {
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            byte[] answer =
                    "{\"subject\":\"orders-value\",\"version\":1,\"id\":12,\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}"
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        registry.start();
        serdes.close();
        serdes = new AvroSerdes(Map.of(
                "schema.registry.url",
                "http://localhost:" + registry.getAddress().getPort()));
        try {
            assertFails(
                    FailedException.class,
                    "orders holds Protobuf (schema 12). Millrace reads Avro and JSON.",
                    sample(20, i -> new byte[] {0, 0, 0, 0, 12, 0, 8, 1}),
                    "x");
        } finally {
            registry.stop(0);
        }
    }

    @Test
    void shouldWriteAFileThatIsAConfigurationWhateverTheTextsAre() {
        String odd = "\\u00e9 \\u2028 \\\\ $\\u0001{x} | , ''";
        FoundConfiguration found = found(
                sample(
                        RECORDS,
                        json(i -> "{'a\\\\b#': '" + (i % 2 == 0 ? odd.replace("'", "\\u0027") : "=x") + "', 'late': "
                                + (i % 3 == 0) + "}")),
                "late");
        assertThat(MillraceConfig.of(settings(found))
                        .learner()
                        .declaration()
                        .features()
                        .features())
                .hasSize(1);
        assertThat(found.overview())
                .contains(
                        "Of the records, 200 can be learned, 0 have no label and are skipped, 0 go to the dead letters.");
    }
}
