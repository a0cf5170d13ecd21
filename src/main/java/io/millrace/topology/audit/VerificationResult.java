package io.millrace.topology.audit;

import java.util.List;

/**
 * The result of a {@link Verification} of a version.
 *
 * @param partition partition of the examples, and so the replica
 * @param equal whether the version equals its replay bit by bit, and has no other fault
 * @param sentences the findings, for people to read
 */
public record VerificationResult(int partition, boolean equal, List<String> sentences) {}
