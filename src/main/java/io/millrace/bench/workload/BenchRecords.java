package io.millrace.bench.workload;

import java.util.SplittableRandom;

/** The records that a benchmark writes and learns. */
public interface BenchRecords {
    /** The value of an example, in the format of the topic. */
    byte[] example(SplittableRandom random);

    /** The value of a request. */
    byte[] request(SplittableRandom random);
}
