package io.millrace.bench.pass;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CPU time of some threads of this JVM, by their names. It is far less noisy than the throughput of the others. */
public final class CpuOfThreads {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final List<String> names;
    private final Map<Long, Long> before = new HashMap<>(); // ns, by thread
    private final long begun = System.nanoTime();

    /** @param names beginnings of the names of the threads; those that begin later count, too, while they live */
    public CpuOfThreads(List<String> names) {
        this.names = names;
        before.putAll(nanos());
    }

    private Map<Long, Long> nanos() {
        Map<Long, Long> nanos = new HashMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && names.stream().anyMatch(thread.getThreadName()::startsWith)) {
                nanos.put(thread.getThreadId(), Math.max(0, threads.getThreadCpuTime(thread.getThreadId())));
            }
        }
        return nanos;
    }

    /** {@return CPU seconds that they took a second since this object was made} */
    double perSecond() {
        return taken() / (System.nanoTime() - begun);
    }

    /** {@return CPU nanoseconds that they took since this object was made} */
    public double taken() {
        double taken = 0;
        for (Map.Entry<Long, Long> thread : nanos().entrySet()) {
            taken += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return taken;
    }
}
