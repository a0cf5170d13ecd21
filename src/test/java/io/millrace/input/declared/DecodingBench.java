package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.learner.spec.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Prints the time to decode a record of ten fields on one thread: {@code java -cp ... io.millrace.input.declared.DecodingBench}. The fields
 * are six numbers, two categories, a flag and a time.
 */
final class DecodingBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 7;
    private static final long ROUND_NS = 500_000_000;
    private static final int RECORDS = 1024;
    private static final String NUMBERS = "amount: log, n: number, x: number, y?: number, z: number, w: number, ";
    private static final String REST = "merchant: category(4096,8), user: category(100000,8), active: flag";
    private static final Schema SCHEMA = Decoding.schema(
            "{'name':'amount','type':'double'},{'name':'n','type':'int'},"
                    + "{'name':'merchant','type':'string'},{'name':'x','type':'double'},{'name':'y','type':['null','double']},"
                    + "{'name':'user','type':'string'},{'name':'z','type':'double'},{'name':'active','type':'boolean'},"
                    + "{'name':'w','type':'float'},"
                    + "{'name':'created','type':{'type':'long','logicalType':'timestamp-millis'}},{'name':'label','type':'string'}");

    private DecodingBench() {}

    private interface Decoder {
        void decode(byte[] value) throws IOException;
    }

    public static void main(String[] args) throws IOException {
        byte[][] avro = new byte[RECORDS][];
        byte[][] json = new byte[RECORDS][];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < RECORDS; i++) {
            GenericData.Record record = new GenericData.Record(SCHEMA);
            record.put("amount", random.nextInt(100_000) / 100.0);
            record.put("n", random.nextInt(1000));
            record.put("merchant", "merchant-" + random.nextInt(5000));
            record.put("x", random.nextDouble());
            record.put("y", random.nextInt(10) == 0 ? null : random.nextDouble());
            record.put("user", Long.toHexString(random.nextLong()));
            record.put("z", random.nextDouble());
            record.put("active", random.nextBoolean());
            record.put("w", (float) random.nextInt(100));
            record.put("created", 1_700_000_000_000L + random.nextLong(10_000_000_000L));
            record.put("label", random.nextBoolean() ? "yes" : "no");
            avro[i] = Decoding.avro(record, SCHEMA);
            json[i] = record.toString().getBytes(StandardCharsets.UTF_8);
        }
        System.out.println("CPU time of a record of ten fields, ns, best of " + ROUNDS);
        print("Avro", avro, declared(REST + ", created: time(hour)"));
        print("Avro, without time", avro, declared(REST + ", created: number"));
        print("JSON", json, json(REST + ", created: time(hour)"));
        print("GenericDatumReader", avro, generic(false));
        print("GenericDatumReader, reused", avro, generic(true));
    }

    private static DeclaredDecoder.Target target() {
        return new DeclaredDecoder.Target(Task.CLASSIFICATION, List.of("no", "yes"));
    }

    private static Decoder declared(String rest) {
        DeclaredDecoder decoder =
                Decoding.decoder(Declaration.parse(NUMBERS + rest, "label", "", ""), target(), SCHEMA);
        RecordHeaders headers = new RecordHeaders();
        return value -> decoder.decode(null, value, headers, Decoding.TIMESTAMP);
    }

    private static Decoder json(String rest) {
        DeclaredDecoder decoder = DeclaredDecoder.json(Declaration.parse(NUMBERS + rest, "label", "", ""), target());
        RecordHeaders headers = new RecordHeaders();
        return value -> decoder.decode(null, value, headers, Decoding.TIMESTAMP);
    }

    private static Decoder generic(boolean reuses) {
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(SCHEMA);
        BinaryDecoder[] decoder = new BinaryDecoder[1];
        GenericRecord[] record = new GenericRecord[1];
        return value -> {
            decoder[0] = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, decoder[0]);
            record[0] = reader.read(reuses ? record[0] : null, decoder[0]);
        };
    }

    private static void print(String name, byte[][] records, Decoder decoder) throws IOException {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = THREADS.getCurrentThreadCpuTime();
            long count = 0;
            long ns = 0;
            while (ns < ROUND_NS) {
                for (byte[] record : records) {
                    decoder.decode(record);
                }
                count += records.length;
                ns = THREADS.getCurrentThreadCpuTime() - start;
            }
            best = Math.min(best, (double) ns / count);
        }
        System.out.printf(Locale.ROOT, "%-26s %6.0f%n", name, best);
    }
}
