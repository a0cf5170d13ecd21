package io.millrace.records;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.EnsembleSpec;
import io.millrace.avro.Evaluation;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import java.util.List;
import java.util.Map;

/** Records for tests of what is done with damaged or foreign ones. */
final class Records {
    /** Another program's schema of examples. */
    static final String PEER =
            "{\"type\":\"record\",\"name\":\"Example\",\"namespace\":\"io.millrace.avro\",\"fields\":["
                    + "{\"name\":\"note\",\"type\":{\"type\":\"map\",\"values\":{\"type\":\"array\",\"items\":\"string\"}}},"
                    + "{\"name\":\"label\",\"type\":\"string\"},"
                    + "{\"name\":\"features\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}]}";

    private Records() {}

    /** A snapshot that has everything; its sums are those of nothing. */
    static ModelSnapshot snapshot() {
        LayerSpec layer = new LayerSpec(
                2, "tanh", 0f, new BatchNormSpec(0.1, 1e-5, true), 0.25, List.of("input"), List.of("input"), "", "");
        LayerSpec output = new LayerSpec(2, "identity", 0f, null, 0.0, List.of(), List.of(), "1", "");
        ModelSpec spec = new ModelSpec(
                "classification",
                "softmax_cross_entropy",
                2,
                List.of(layer, output),
                new FloatVector(new float[] {1, 2, 3, 4}),
                List.of("a", "b"),
                List.of(1.0, 2.0),
                List.of(3.0, 4.0),
                List.of(),
                List.of(),
                new EnsembleSpec(
                        3L,
                        List.of(1.5),
                        List.of(2.5),
                        List.of(0.25),
                        List.of(0.5),
                        List.of(0.75),
                        List.of(7.0, 8.0),
                        9L,
                        List.of(5L)));
        return ModelSnapshot.newBuilder()
                .setModel("model")
                .setPartition(1)
                .setVersion(20L)
                .setChunk(0)
                .setChunks(1)
                .setSpec(spec)
                .setEvaluation(new Evaluation(20L, 0.5, Map.of("accuracy", 0.75)))
                .setParameterCount(4L)
                .setParameterOffset(0L)
                .setParameters(new FloatVector(new float[] {1, 2, 3, 4}))
                .setCrc32c(7L)
                .setSha256("00")
                .build();
    }
}
