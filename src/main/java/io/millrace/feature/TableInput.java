package io.millrace.feature;

/**
 * One table of learned vectors that enters the network.
 *
 * @param name name for messages and reports
 * @param buckets number of buckets into which values are hashed. The table has one row more: row 0 stands for a missing value
 * @param width length of a vector
 */
public record TableInput(String name, int buckets, int width) {
    /** Number of rows: ids run from 0 to {@link #buckets()}. */
    public int rows() {
        return buckets + 1;
    }
}
