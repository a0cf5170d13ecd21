package io.millrace.feature;

import io.millrace.feature.value.Murmur3;
import java.util.Locale;

/**
 * A table of learned vectors. Row 0 stands for a missing value; a value has the row {@code 1 + hash mod buckets}, where the hash is
 * unsigned. It is fixed in size, so that a snapshot and a replay can hold it.
 *
 * @param buckets number of hashes that are distinguished
 * @param width length of a vector
 */
record Table(int buckets, int width) {
    private static final int MOST_BUCKETS = 100_000_000;
    private static final int MOST_WIDTH = 1024;
    private static final long MOST_PARAMETERS = 100_000_000;
    private static final double GB = 1e9;

    static final Option BUCKETS = Option.count("buckets", 1024, 1, MOST_BUCKETS);
    static final Option WIDTH = Option.count("width", 8, 1, MOST_WIDTH);

    /** Refuses a table that is larger than a whole network may be. */
    static Table of(Options options) {
        Table table = new Table(options.count(BUCKETS, 1, MOST_BUCKETS), options.count(WIDTH, 1, MOST_WIDTH));
        long parameters = (long) table.buckets * table.width;
        if (parameters > MOST_PARAMETERS) {
            throw Words.problem(String.format(
                    Locale.ROOT,
                    "%s%s is a table of %,d parameters (%.1f GB). Take fewer buckets",
                    options.owner(),
                    table,
                    parameters,
                    parameters * Float.BYTES / GB));
        }
        return table;
    }

    TableInput input(Field field) {
        return new TableInput(field.name(), buckets, width);
    }

    /** The row of a text. */
    int row(byte[] utf8, int from, int to) {
        return row(Murmur3.hash(utf8, from, to));
    }

    int row(int hash) {
        return 1 + Integer.remainderUnsigned(hash, buckets);
    }

    @Override
    public String toString() {
        return "(" + buckets + "," + width + ")";
    }
}
