package io.millrace.bench;

import io.millrace.bench.pass.CpuOfThreads;
import io.millrace.bench.pass.StreamsPass;
import io.millrace.bench.place.BenchCluster;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.ExampleFill;
import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Measures whether speed and memory stay the same over a long stream. One application learns the examples in ten parts, after four of warm-up. It
 * is paused while a part is written, so that only learning is timed, and the examples before are deleted, so that the broker needs room for two
 * parts.
 */
final class EnduranceBench {
    private static final int PARTS = 10;
    /** Java still compiles methods that are called once a poll, and again those that the pauses have changed. */
    private static final int WARM_UP_PARTS = 4;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final Path STATUS = Path.of("/proc/self/status"); // of Linux
    private static final String RESIDENT = "VmRSS:";

    private final Workload workload;
    private final BenchCluster cluster;
    private final Lines progress;
    private final Lines out;

    /**
     * @param workload what to measure
     * @param cluster where to measure
     * @param progress receives a line for each finished step
     * @param out receives the result
     */
    EnduranceBench(Workload workload, BenchCluster cluster, PrintWriter progress, PrintWriter out) {
        this.workload = workload;
        this.cluster = cluster;
        this.progress = new Lines(progress);
        this.out = new Lines(out);
    }

    /** @throws BenchException when training fails */
    void run() {
        MillraceConfig config = cluster.config(workload, "endurance");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                Admin admin = Admin.create(config.client())) {
            cluster.prepare(config, serdes);
            ExampleFill fill = new ExampleFill(config, workload, serdes);
            cluster.requireRoomFor(2 * fill.totalBytes() / PARTS);
            KafkaStreams training = MillraceStreams.training(config, serdes);
            try {
                run(training, new StreamsPass("Training", training, config), fill, config, admin);
            } finally {
                training.close(CLOSE_TIMEOUT);
            }
        }
    }

    private void run(KafkaStreams training, StreamsPass pass, ExampleFill fill, MillraceConfig config, Admin admin) {
        out.print(
                "%s, mini-batches of %d, %,d examples. CPU is the time that the stream thread and the learner's thread compute for an"
                        + " example, together.",
                workload.shape(), workload.batch(), workload.examples());
        out.print("%14s%16s%20s%20s%16s", "after", "examples/s", "CPU, ns", "live heap, MB", "resident, MB");
        long each = Math.max(1, workload.examples() / PARTS);
        double first = Double.NaN;
        double last = Double.NaN;
        for (int part = 1 - WARM_UP_PARTS; part <= PARTS; part++) {
            training.pause(); // also before the start
            long learned = (part + WARM_UP_PARTS - 1) * each;
            progress.print("Writing %,d examples", each);
            fill.write(each);
            if (learned == 0) {
                training.start();
            } else {
                delete(admin, config.topics().examples(), learned);
            }
            training.resume();
            pass.awaitProcessed(learned + 1); // start and rebalance do not count
            CpuOfThreads cpu = new CpuOfThreads(List.of(config.applicationId().name()));
            long start = System.nanoTime();
            pass.awaitProcessed(learned + each);
            last = each / ((System.nanoTime() - start) / 1e9);
            double computed = cpu.taken() / each;
            first = part == 1 ? last : first;
            String after = part < 1 ? "warm-up" : String.format(Locale.ROOT, "%,d", part * each);
            out.print("%14s%,16.0f%,20.0f%,20.1f%,16.1f", after, last, computed, liveHeap() / 1e6, resident() / 1e6);
        }
        out.print("The last part was learned at %.3f times the speed of the first.", last / first);
    }

    private static void delete(Admin admin, String topic, long before) {
        try {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new BenchException("The learned examples cannot be deleted: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }

    /** Bytes of the heap that are in use after a collection. */
    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes of this process that are in memory; NaN where the operating system does not say it in a file. */
    private static double resident() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
