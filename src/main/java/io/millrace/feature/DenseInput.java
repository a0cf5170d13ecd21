package io.millrace.feature;

/**
 * One number that enters the network.
 *
 * @param name name for messages and reports, for example {@code amount}, {@code amount missing}, {@code plan=free}, {@code created hour sin}
 * @param standardized whether it is scaled by its running mean and variance; otherwise it enters as it is
 * @param optional whether it may be missing. A missing number is NaN and enters as 0 after scaling
 */
public record DenseInput(String name, boolean standardized, boolean optional) {}
