package io.millrace.cluster;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.records.AvroSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * A seeded stream of orders of a shop in Avro, which knows nothing of Millrace: nested, nullable and logical types, two schemas in turn. Some
 * of its records are skipped, because they have no value or no label; some become dead letters.
 */
public final class DeclaredRecords {
    private static final String FEATURES =
            "customer.amount: log, customer.country?: category(64,4), plan: oneof(free|pro), price: number, active?: flag,"
                    + " created: time(hour|weekday,Europe/Berlin), note?: words(64,2), items[]?: set(64,2)";

    private static final String CUSTOMER = "{'name':'customer','type':{'type':'record','name':'Customer','fields':["
            + "{'name':'country','type':['null','string']},{'name':'amount','type':['null','double']}]}},";
    private static final String REST =
            "{'name':'plan','type':{'type':'enum','name':'Plan','symbols':['free','pro','team']}},"
                    + "{'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}},"
                    + "{'name':'created','type':{'type':'long','logicalType':'timestamp-millis'}},"
                    + "{'name':'note','type':['null','string']},{'name':'items','type':{'type':'array','items':'string'}},"
                    + "{'name':'late','type':['null','string']}";
    private static final Schema FIRST = schema(CUSTOMER + REST);
    private static final Schema SECOND = schema(
            "{'name':'active','type':'boolean','default':false}," + REST + "," + CUSTOMER.replaceFirst(",$", ""));
    private static final long CREATED = 1_711_800_000_000L; // 30 March 2024, a day before Berlin's clocks change

    private DeclaredRecords() {}

    /** What a configuration needs to learn them, and others: key, value, key, value... */
    public static String[] settings(String... others) {
        List<String> settings =
                new ArrayList<>(List.of("features", FEATURES, "label", "late", "event.time", "created"));
        settings.addAll(List.of(others));
        return settings.toArray(String[]::new);
    }

    private static Schema schema(String fields) {
        return new Schema.Parser()
                .parse(("{'type':'record','name':'Order','fields':[" + fields + "]}").replace('\'', '"'));
    }

    /** Whether a record becomes a dead letter. */
    static boolean isBad(int number) {
        return number % 37 == 36 || number % 53 == 52 && !isSkipped(number);
    }

    private static boolean isSkipped(int number) {
        return number % 41 == 40 || number % 43 == 42;
    }

    /** Value of a record; null for a deletion. */
    static byte[] value(int number, AvroSerdes serdes, String topic) {
        if (number % 37 == 36) {
            return new byte[] {0, 1, 2};
        }
        if (number % 41 == 40) {
            return null;
        }
        Random random = new Random(number);
        Schema schema = number % 2 == 0 ? FIRST : SECOND;
        String country = List.of("de", "fr", "it", "es").get(random.nextInt(4));
        double amount = random.nextInt(1000) / 10.0;
        GenericData.Record customer =
                new GenericData.Record(schema.getField("customer").schema());
        customer.put("country", random.nextInt(5) == 0 ? null : country);
        customer.put("amount", number % 53 == 52 ? null : amount);
        GenericData.Record order = new GenericData.Record(schema);
        order.put("customer", customer);
        order.put(
                "plan",
                new GenericData.EnumSymbol(schema.getField("plan").schema(), random.nextBoolean() ? "pro" : "team"));
        order.put(
                "price",
                ByteBuffer.wrap(BigDecimal.valueOf(random.nextInt(100_000), 2)
                        .unscaledValue()
                        .toByteArray()));
        order.put("created", CREATED + 60_000L * number);
        order.put("note", random.nextInt(3) == 0 ? null : "red bike no. " + random.nextInt(50));
        order.put("items", random.nextInt(3) == 0 ? List.of() : List.of("sku" + random.nextInt(30), "sku1"));
        order.put("late", number % 43 == 42 ? null : amount > 50 == country.equals("de") ? "yes" : "no");
        if (schema == SECOND) {
            order.put("active", random.nextBoolean());
        }
        return encoded(order, serdes, topic);
    }

    private static byte[] encoded(GenericData.Record order, AvroSerdes serdes, String topic) {
        try {
            int id = serdes.client().register(topic + "-value", new AvroSchema(order.getSchema()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericData.Record>(order.getSchema()).write(order, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RestClientException e) {
            throw new AssertionError(e);
        }
    }
}
