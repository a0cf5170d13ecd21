package io.millrace.input.declared;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Random orders of a shop with everything that a record may have, as Avro and as JSON. */
final class Orders {
    static final String FEATURES =
            "customer.amount?: log, customer.age|years?: number, price: number, plan?: oneof(free|pro),"
                    + " merchant: category(4096,8), user: category, created: time(hour|weekday|year|age,Europe/Berlin),"
                    + " day?: time(year), note?: words(64,2), items[].sku?: set(128,4), v: numbers(3), active?: flag,"
                    + " attributes.colour?: category(16), id: category(100000)";

    static final Schema SCHEMA = Decoding.schema("{'name':'id','type':{'type':'string','logicalType':'uuid'}},"
            + "{'name':'customer','type':{'type':'record','name':'Customer','fields':["
            + "{'name':'name','type':'string'},{'name':'amount','type':['null','double']},"
            + "{'name':'age','type':['null','int']}]}},"
            + "{'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':20,'scale':2}},"
            + "{'name':'skippedA','type':'double'},{'name':'skippedB','type':'float'},"
            + "{'name':'plan','type':['null',{'type':'enum','name':'Plan','symbols':['free','pro','team']}]},"
            + "{'name':'merchant','type':['string','long']},{'name':'user','type':'long'},"
            + "{'name':'created','type':{'type':'long','logicalType':'timestamp-millis'}},"
            + "{'name':'day','type':['null',{'type':'int','logicalType':'date'}]},"
            + "{'name':'note','type':['null','string']},"
            + "{'name':'items','type':{'type':'array','items':{'type':'record','name':'Item','fields':["
            + "{'name':'n','type':'int'},{'name':'sku','type':['null','string']}]}}},"
            + "{'name':'v','type':{'type':'array','items':'double'}},"
            + "{'name':'active','type':['null','boolean']},"
            + "{'name':'attributes','type':{'type':'map','values':['null','string','int']}},"
            + "{'name':'label','type':['null','boolean']}");

    private static final String[] WORDS = {"red", "Bike", "größe", "2nd", "-", "🚲", "\\\"x\\\"", "", "a/b"};

    private final SplittableRandom random;

    Orders(SplittableRandom random) {
        this.random = random;
    }

    /** The same record as Avro has it, and as JSON has it. */
    record Order(GenericData.Record avro, String json) {}

    Order next() {
        GenericData.Record order = new GenericData.Record(SCHEMA);
        Map<String, String> json = new LinkedHashMap<>();
        put(order, json, "id", new UUID(random.nextLong(), random.nextLong()).toString());
        customer(order, json);
        BigDecimal price = BigDecimal.valueOf(random.nextLong(-1L << 40, 1L << 40), 2);
        order.put("price", ByteBuffer.wrap(price.unscaledValue().toByteArray()));
        json.put("price", price.toString());
        order.put("skippedA", random.nextDouble());
        order.put("skippedB", 1f);
        String plan = List.of("free", "pro", "team").get(random.nextInt(3));
        boolean planned = random.nextInt(4) > 0;
        Schema planSchema = SCHEMA.getField("plan").schema().getTypes().get(1);
        order.put("plan", planned ? new GenericData.EnumSymbol(planSchema, plan) : null);
        json.put("plan", planned ? quoted(plan) : "null");
        put(order, json, "merchant", random.nextBoolean() ? (Object) random.nextLong() : "m " + random.nextInt(100));
        put(order, json, "user", random.nextLong());
        long created = random.nextLong(0, 4_000_000_000_000L);
        order.put("created", created);
        json.put(
                "created",
                random.nextBoolean() ? quoted(Instant.ofEpochMilli(created).toString()) : created(created));
        int day = random.nextInt(-30_000, 30_000);
        boolean dated = random.nextBoolean();
        order.put("day", dated ? day : null);
        json.put(
                "day", dated ? quoted(LocalDate.EPOCH.plus(day, ChronoUnit.DAYS).toString()) : "null");
        put(order, json, "note", random.nextInt(4) > 0 ? text() : null);
        items(order, json);
        List<Double> v = List.of(number(), number(), number());
        order.put("v", v);
        json.put("v", v.toString());
        put(order, json, "active", random.nextInt(3) == 0 ? null : random.nextBoolean());
        attributes(order, json);
        put(order, json, "label", random.nextInt(9) == 0 ? null : random.nextBoolean());
        return new Order(order, object(json));
    }

    /** Milliseconds before March 1973 would be taken for seconds. */
    private String created(long ms) {
        return ms < 100_000_000_000L ? quoted(Instant.ofEpochMilli(ms).toString()) : Long.toString(ms);
    }

    private void customer(GenericData.Record order, Map<String, String> json) {
        GenericData.Record customer =
                new GenericData.Record(SCHEMA.getField("customer").schema());
        Map<String, String> inner = new LinkedHashMap<>();
        put(customer, inner, "name", text());
        put(customer, inner, "amount", random.nextInt(4) > 0 ? number() : null);
        put(customer, inner, "age", random.nextInt(4) > 0 ? random.nextInt() : null);
        order.put("customer", customer);
        json.put("customer", object(inner));
    }

    private void items(GenericData.Record order, Map<String, String> json) {
        List<GenericData.Record> items = new ArrayList<>();
        List<String> inJson = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
            GenericData.Record item =
                    new GenericData.Record(SCHEMA.getField("items").schema().getElementType());
            Map<String, String> inner = new LinkedHashMap<>();
            put(item, inner, "n", n);
            put(item, inner, "sku", random.nextInt(4) > 0 ? text() : null);
            items.add(item);
            inJson.add(object(inner));
        }
        order.put("items", items);
        json.put("items", inJson.toString());
    }

    private void attributes(GenericData.Record order, Map<String, String> json) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        Map<String, String> inner = new LinkedHashMap<>();
        for (String key : List.of("size", "colour", "colou", "colours")) {
            if (random.nextBoolean()) {
                Object value =
                        random.nextInt(3) == 0 ? null : random.nextBoolean() ? (Object) random.nextInt(9) : text();
                attributes.put(key, value);
                inner.put(key, json(value));
            }
        }
        order.put("attributes", attributes);
        json.put("attributes", object(inner));
    }

    private double number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(100);
            case 1 -> random.nextInt(10_000) / 100.0;
            case 2 -> random.nextDouble() * Math.pow(10, random.nextInt(-300, 300));
            default -> -random.nextDouble();
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n >= 0; n--) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextBoolean() ? " " : "");
        }
        return text.toString().replace("\\\"", "\"");
    }

    private static void put(GenericData.Record record, Map<String, String> json, String name, Object value) {
        record.put(name, value);
        json.put(name, json(value));
    }

    private static String json(Object value) {
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    private static String object(Map<String, String> fields) {
        List<String> parts = new ArrayList<>();
        fields.forEach((name, value) -> parts.add(quoted(name) + ":" + value));
        return "{" + String.join(",", parts) + "}";
    }
}
