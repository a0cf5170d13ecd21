package io.millrace.watch;

import io.millrace.avro.Evaluation;
import io.millrace.avro.ModelSnapshot;
import java.util.Map;

/**
 * A complete version of a replica in the snapshots topic.
 *
 * @param version examples learned
 * @param time at which its last record was written, ms
 * @param parameters number of parameters, each of four bytes
 * @param chunks records that hold them
 * @param sha256 of the parameters, hex
 * @param lineage SHA-256, hex; empty from an older Millrace
 * @param predecessor lineage of the version before; null for the first
 * @param evaluated examples in the evaluation over the whole stream
 * @param loss mean over them, null without an evaluation
 * @param metrics means over them
 */
record Version(
        int partition,
        long version,
        long time,
        long parameters,
        int chunks,
        String sha256,
        String lineage,
        String predecessor,
        long evaluated,
        Double loss,
        Map<String, Double> metrics) {

    static Version of(ModelSnapshot head, long time) {
        Evaluation evaluation = head.getEvaluation();
        boolean evaluated = evaluation != null && evaluation.getExamples() > 0;
        return new Version(
                head.getPartition(),
                head.getVersion(),
                time,
                head.getParameterCount(),
                head.getChunks(),
                head.getSha256(),
                head.getLineage(),
                head.getPredecessor(),
                evaluated ? evaluation.getExamples() : 0,
                evaluated ? evaluation.getLoss() : null,
                evaluated ? evaluation.getMetrics() : Map.of());
    }
}
