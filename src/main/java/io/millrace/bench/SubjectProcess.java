package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.stream.Stream;

/**
 * A JVM in which one {@link Subject} is measured round after round, as in an application that does nothing else. In a JVM that has run several, Java's
 * compiler has seen the methods at work for others, too, and makes slower code of them.
 */
final class SubjectProcess implements AutoCloseable {
    /** So many of them run at a time. The heap is touched first, so that no measurement contains how the system finds memory. */
    private static final List<String> HEAP =
            List.of("-XX:InitialRAMPercentage=4", "-XX:MaxRAMPercentage=25", "-XX:NewRatio=1", "-XX:+AlwaysPreTouch");
    /** What this process has, but another one cannot have or chooses itself. */
    private static final String OWN_OPTIONS =
            "-Xm[sxn].*|-XX:(Initial|Max|Min)RAMPercentage.*|-XX:NewRatio.*|-XX:.AlwaysPreTouch|-(java)?agent.*";

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
    static SubjectProcess start(Subject subject) {
        List<String> options = Stream.concat(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(option -> !option.matches(OWN_OPTIONS)),
                        HEAP.stream())
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
    double run(BenchPlace place, Workload workload, String round, long examples) {
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

    /** The program of the process: measures what it is told, a line for each pass, until there is no other line. */
    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            System.out.println(ANSWER + JSON.writeValueAsString(answer(JSON.readValue(line, Order.class))));
        }
        System.exit(0);
    }

    private static Answer answer(Order order) {
        try {
            return new Answer(order.subject.run(order.place, order.workload, order.round, order.examples), null);
        } catch (BenchException | ClusterNotReadyException e) {
            return new Answer(Double.NaN, e.getMessage());
        }
    }
}
