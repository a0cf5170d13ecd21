package io.millrace.bench;

import java.util.SplittableRandom;

/** The records that a benchmark writes and learns. */
interface BenchRecords {
    /** The value of an example, in the format of the topic. */
    byte[] example(SplittableRandom random);

    /** The value of a request. */
    byte[] request(SplittableRandom random);
}
