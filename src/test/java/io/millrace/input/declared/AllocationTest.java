package io.millrace.input.declared;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.Allocations;
import io.millrace.feature.Declaration;
import io.millrace.learner.spec.Task;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("allocation")
class AllocationTest {
    private static final DeclaredDecoder.Target FLAG =
            new DeclaredDecoder.Target(Task.CLASSIFICATION, List.of("false", "true"));
    private static final int RECORDS = 200;
    private static final RecordHeaders HEADERS = new RecordHeaders();

    private final List<byte[]> avro = new ArrayList<>();
    private final List<byte[]> json = new ArrayList<>();

    AllocationTest() {
        Orders orders = new Orders(new SplittableRandom(1));
        for (int i = 0; i < RECORDS; i++) {
            Orders.Order order = orders.next();
            avro.add(Decoding.avro(order.avro(), Orders.SCHEMA));
            json.add(order.json().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void decodeAll(DeclaredDecoder decoder, List<byte[]> records) {
        for (int i = 0; i < RECORDS; i++) {
            decoder.decode(null, records.get(i), HEADERS, Decoding.TIMESTAMP);
        }
    }

    private static Declaration declaration() {
        return Declaration.parse(Orders.FEATURES, "label", "", "created");
    }

    @Test
    void shouldAllocateNothingForARecordInAvro() {
        DeclaredDecoder decoder = Decoding.decoder(declaration(), FLAG, Orders.SCHEMA);

        assertThat(Allocations.settledBytes(() -> decodeAll(decoder, avro))).isZero();
    }

    /** Some 1300 bytes: Jackson's parser, and the strings of numbers with more than 15 digits. */
    @Test
    void shouldAllocateLittleForARecordInJson() {
        DeclaredDecoder decoder = DeclaredDecoder.json(declaration(), FLAG);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 100; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            decodeAll(decoder, json);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(least / RECORDS).isLessThan(2500);
    }
}
