package io.millrace.bench.pass;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.place.BenchPlace;
import io.millrace.bench.place.ChildJvm;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.Workload;
import io.millrace.topology.cluster.ClusterNotReadyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/**
 * A JVM in which one {@link Subject} is measured round after round, as in an application that does nothing else. In a JVM that has run several, Java's
 * compiler has seen the methods at work for others, too, and makes slower code of them.
 */
public final class SubjectProcess implements AutoCloseable {
    /** There are several at a time, so each begins with a small part of the memory, instead of the quarter that a benchmark in one process takes. */
    private static final String HEAP = "-XX:InitialRAMPercentage=4";
    /** Options of this process that another one cannot have, or that would win over {@link #HEAP}. */
    private static final String OWN_OPTIONS = "-Xm[sn].*|-(java)?agent.*";

    private static final Duration LONGEST_PASS = Duration.ofHours(24); // one that stands still says so itself
    private static final String ANSWER = "millrace-bench:";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param round a name without blanks */
    private record Order(BenchPlace place, Workload workload, Subject subject, String round, long examples) {}

    /** @param fault null if it was measured */
    private record Answer(double rate, String fault) {}

    private final Subject subject;
    private final ChildJvm jvm;

    private SubjectProcess(Subject subject, ChildJvm jvm) {
        this.subject = subject;
        this.jvm = jvm;
    }

    /** @throws BenchException when it cannot be started */
    public static SubjectProcess start(Subject subject) {
        List<String> options = Stream.concat(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(option -> !option.matches(OWN_OPTIONS)),
                        Stream.of(HEAP))
                .toList();
        try {
            return new SubjectProcess(
                    subject, ChildJvm.start(options, SubjectProcess.class, List.of(), Redirect.INHERIT, ANSWER));
        } catch (IOException e) {
            throw new BenchException("A process for the benchmark cannot be started: " + e.getMessage() + ".", e);
        }
    }

    /**
     * See {@link Subject#run}.
     *
     * @throws BenchException when it fails or makes no progress, or the cluster cannot be used
     */
    public double run(BenchPlace place, Workload workload, String round, long examples) {
        try {
            jvm.send(JSON.writeValueAsString(new Order(place, workload, subject, round, examples)));
            Answer answer = JSON.readValue(jvm.answer(LONGEST_PASS), Answer.class);
            if (answer.fault != null) {
                throw new BenchException(answer.fault);
            }
            return answer.rate;
        } catch (IOException e) {
            throw new BenchException(
                    "The process that measures \"" + subject.title() + "\" failed, see above: " + e.getMessage() + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }

    @Override
    public void close() {
        jvm.close();
    }

    /** The program of the process: measures what it is told, a line for each pass. Ends at once when its input does. */
    public static void main(String[] arguments) throws InterruptedException {
        Locale.setDefault(Locale.ROOT);
        BlockingQueue<String> orders = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> read(orders), "orders");
        reader.setDaemon(true);
        reader.start();
        try {
            while (true) {
                Order order = JSON.readValue(orders.take(), Order.class);
                System.out.println(ANSWER + JSON.writeValueAsString(answer(order)));
            }
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // threads of a client may still run
        }
    }

    private static void read(BlockingQueue<String> orders) {
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                .lines()
                .forEach(orders::add);
        Runtime.getRuntime().halt(0); // also in the middle of a pass
    }

    private static Answer answer(Order order) {
        try {
            return new Answer(order.subject.run(order.place, order.workload, order.round, order.examples), null);
        } catch (BenchException | ClusterNotReadyException e) {
            return new Answer(Double.NaN, e.getMessage());
        }
    }
}
