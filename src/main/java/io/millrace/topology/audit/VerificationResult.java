package io.millrace.topology.audit;

import java.util.List;

/**
 * What {@link Verification} found out about a version.
 *
 * @param partition partition of the examples, and so the replica
 * @param equal whether the version is bit by bit what its offsets give, and nothing about it is wrong
 * @param sentences what was found, for people
 */
public record VerificationResult(int partition, boolean equal, List<String> sentences) {}
