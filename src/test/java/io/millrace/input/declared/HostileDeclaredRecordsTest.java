package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.fuzz.Hostile;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Bytes of strangers in topics of declared features: a row, or a {@link BadInputException} with a sentence. */
class HostileDeclaredRecordsTest {
    private static final int HEADER = 5;
    private static final Hostile HOSTILE = new Hostile(e -> e.getClass() == BadInputException.class, 64 << 10, 256);
    private static final DeclaredDecoder.Target FLAG =
            new DeclaredDecoder.Target(Task.CLASSIFICATION, List.of("false", "true"));

    /** Everything that can contain itself or have no bytes, and each type that is stepped over. */
    private static final Schema ODD = Decoding.schema("{'name':'next','type':['null','Order']},"
            + "{'name':'nothing','type':{'type':'array','items':'null'}},"
            + "{'name':'tree','type':{'type':'map','values':{'type':'array','items':['null','Order','bytes']}}},"
            + "{'name':'e','type':{'type':'enum','name':'E','symbols':['x','y']}},"
            + "{'name':'u','type':{'type':'fixed','name':'U','size':16,'logicalType':'uuid'}},"
            + "{'name':'d','type':{'type':'bytes','logicalType':'decimal','precision':30,'scale':20}},"
            + "{'name':'m','type':{'type':'map','values':{'type':'map','values':'double'}}},"
            + "{'name':'t','type':{'type':'long','logicalType':'local-timestamp-micros'}},"
            + "{'name':'s','type':['string','double','boolean',{'type':'array','items':'string'}]},"
            + "{'name':'y','type':['null','int','string']}");

    private static final String ODD_FEATURES =
            "next.next.t?: time(hour|weekday|year|age,Asia/Tokyo), tree.a[].t?: set(8),"
                    + " nothing?: set(8), e: category(8), u: category(8), d: category(8), d: log, m.k.l?: log, t: time(year|age),"
                    + " s?: words(8), s|e: category(8), @key?: number";

    private static final List<byte[]> AVRO = new ArrayList<>();
    private static final List<byte[]> ODD_AVRO = new ArrayList<>();
    private static final List<byte[]> JSON = new ArrayList<>();

    static {
        Orders orders = new Orders(new SplittableRandom(3));
        for (int i = 0; i < 100; i++) {
            Orders.Order order = orders.next();
            AVRO.add(Decoding.avro(order.avro(), Orders.SCHEMA, i % 2 == 0 ? 0 : 64));
            JSON.add(order.json().getBytes(StandardCharsets.UTF_8));
        }
        for (int depth = 0; depth < 4; depth++) {
            ODD_AVRO.add(Decoding.avro(odd(depth), ODD, depth % 2 == 0 ? 0 : 64));
        }
        JSON.add(Decoding.json("{'t':-9223372036854775808,'s':1e-320,'d':123456789012345678901234567890.5,'e':1e300,"
                + "'m':{'k':{'l':-0.0}},'next':{'next':{'t':'2024-02-29T23:59:59.999999999-18:00'}},'u':0.1,'y':1}"));
    }

    private static GenericData.Record odd(int depth) {
        GenericData.Record odd = new GenericData.Record(ODD);
        odd.put("next", depth == 0 ? null : odd(depth - 1));
        odd.put("nothing", new ArrayList<>(Collections.nCopies(depth, null)));
        odd.put("tree", Map.of("a", depth == 0 ? List.of() : List.of(odd(depth - 1), ByteBuffer.allocate(3))));
        odd.put("e", new GenericData.EnumSymbol(ODD.getField("e").schema(), "y"));
        odd.put("u", new GenericData.Fixed(ODD.getField("u").schema(), new byte[16]));
        odd.put("d", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));
        odd.put("m", Map.of("k", Map.of("l", 2.5), "j", Map.of()));
        odd.put("t", 1_714_566_615_000_000L);
        odd.put("s", depth % 2 == 0 ? "some words" : List.of("a", "b"));
        odd.put("y", depth % 2 == 0 ? (Object) 1 : "true");
        return odd;
    }

    private final List<DeclaredDecoder> avro =
            List.of(Decoding.decoder(orders(), FLAG, Orders.SCHEMA), Decoding.decoder(odds(), FLAG, ODD));
    private final List<DeclaredDecoder> json =
            List.of(DeclaredDecoder.json(orders(), FLAG), DeclaredDecoder.json(odds(), FLAG));

    private static Declaration orders() {
        return Declaration.parse(Orders.FEATURES, "label", "user?", "created");
    }

    private static Declaration odds() {
        return Declaration.parse(ODD_FEATURES, "y", "", "t");
    }

    /** Bytes with no regard to a format, or behind a header that is right. */
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void shouldSurviveNoise(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> {
                    byte[] noise = Hostile.noise(random);
                    byte[] header = any(random, AVRO);
                    System.arraycopy(header, 0, noise, 0, random.nextInt(3) == 0 ? 0 : Math.min(noise.length, HEADER));
                    return noise;
                },
                bytes -> {
                    decode(avro, bytes);
                    decode(json, bytes);
                });
    }

    /** Records in Avro, damaged. */
    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedAvro(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> Hostile.mutated(random, any(random, random.nextBoolean() ? AVRO : ODD_AVRO), HEADER),
                bytes -> decode(avro, bytes));
    }

    /** Records in JSON, damaged, some with the values of others in the place of theirs. */
    @Property(tries = 600, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedJson(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> random.nextInt(3) == 0 ? mixed(random) : Hostile.mutated(random, any(random, JSON), 0),
                bytes -> decode(json, bytes));
    }

    private static final String[] PARTS = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"created\"",
        "\"t\"",
        "\"e\"",
        "\"price\"",
        "\"v\"",
        "\"items\"",
        "\"sku\"",
        "\"label\"",
        "null",
        "NaN",
        "-Infinity",
        "true",
        "1e999",
        "-1e-999999999",
        "1e400",
        "0.1",
        "12345678901234567890123456789",
        "\"\"",
        "\"2024-02-30\"",
        "\"12:30\"",
        "\"9999-12-31T23:59:59.9+18:00\"",
        "-9223372036854775808",
        "\"\\ud800\"",
        "99999999999999999999e-20",
        "\"1e5\""
    };

    private static byte[] mixed(SplittableRandom random) {
        StringBuilder json = new StringBuilder();
        if (random.nextInt(4) > 0) {
            json.append('{');
            for (int i = random.nextInt(12); i >= 0; i--) {
                json.append(PARTS[6 + random.nextInt(8)])
                        .append(':')
                        .append(PARTS[14 + random.nextInt(PARTS.length - 14)]);
                json.append(i == 0 ? "}" : ",");
            }
        }
        for (int i = random.nextInt(4) == 0 ? random.nextInt(20) : 0; i > 0; i--) {
            json.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] any(SplittableRandom random, List<byte[]> records) {
        return records.get(random.nextInt(records.size()));
    }

    private static void decode(List<DeclaredDecoder> decoders, byte[] bytes) {
        BadInputException last = null;
        for (DeclaredDecoder decoder : decoders) {
            try {
                decoder.decode(bytes, bytes, new RecordHeaders(), 1);
            } catch (BadInputException e) {
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
    }
}
