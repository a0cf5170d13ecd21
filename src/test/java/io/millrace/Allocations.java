package io.millrace;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a piece of code allocates once the compiler has settled. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;
    private static final long PATIENCE_NS = 90_000_000_000L;
    /** Rounds that are recorded to name what allocates. An allocation is recorded where it needs a new buffer of its thread. */
    private static final int RECORDED_ROUNDS = 2_000;

    private static final int FRAMES = 6;
    private static final int SITES = 5;

    private Allocations() {}

    /**
     * Bytes that the calling thread allocates in the worst of five successive rounds. Code that is not compiled boxes its vectors, for a
     * second or two, so that rounds are run until five in a row allocate nothing, for 90 s at most (on a loaded machine the compiler comes late). A single round without allocation
     * proves little: code that allocates in every other round has such rounds, too. If the last rounds allocate, prints where.
     *
     * @param round enough calls for what allocates now and then to do so
     */
    public static long settledBytes(Runnable round) {
        long thread = Thread.currentThread().getId();
        long deadline = System.nanoTime() + PATIENCE_NS;
        long[] last = new long[ROUNDS];
        int clean = 0;
        for (int r = 0; clean < ROUNDS && System.nanoTime() < deadline; r++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            round.run();
            long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
            last[r % ROUNDS] = bytes;
            clean = bytes == 0 ? clean + 1 : 0;
        }
        long worst = Arrays.stream(last).max().getAsLong();
        if (worst > 0) {
            System.out.println(worst + " bytes in a round are allocated by\n" + sites(round));
        }
        return worst;
    }

    /** The stacks that allocate most often, as text. */
    private static String sites(Runnable round) {
        String thread = Thread.currentThread().getName();
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationInNewTLAB").withStackTrace();
            recording.start();
            for (int r = 0; r < RECORDED_ROUNDS; r++) {
                round.run();
            }
            recording.stop();
            Path file = Files.createTempFile("allocations", ".jfr");
            try {
                recording.dump(file);
                return sites(RecordingFile.readAllEvents(file), thread);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String sites(List<RecordedEvent> events, String thread) {
        Map<String, Long> counts = events.stream()
                .filter(event -> event.getStackTrace() != null
                        && thread.equals(event.getThread().getJavaName()))
                .collect(Collectors.groupingBy(Allocations::site, Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(SITES)
                .map(entry -> entry.getValue() + " times " + entry.getKey())
                .collect(Collectors.joining("\n"));
    }

    private static String site(RecordedEvent event) {
        return event.getClass("objectClass").getName() + " at "
                + event.getStackTrace().getFrames().stream()
                        .limit(FRAMES)
                        .map(frame -> frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName() + ":" + frame.getLineNumber())
                        .collect(Collectors.joining(" < "));
    }
}
