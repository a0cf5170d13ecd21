package io.millrace.watch;

import io.millrace.avro.Configuration;
import io.millrace.avro.Evaluation;
import io.millrace.avro.ExpertReport;
import io.millrace.avro.FieldReport;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import io.millrace.records.TrustedRecords;
import java.util.List;
import java.util.Map;

/** Reports and versions for tests, as training writes them. */
final class Reports {
    static final String MODEL = "model";

    static {
        TrustedRecords.trust(); // there are no serdes here, which see to it
    }

    private Reports() {}

    /** A report of a network, of 64 examples. */
    static ValidationLoss report(long examples) {
        return of(examples).build();
    }

    static ValidationLoss.Builder of(long examples) {
        double loss = loss(examples);
        return ValidationLoss.newBuilder()
                .setModel(MODEL)
                .setPartition(0)
                .setStep(examples / 64)
                .setExamples(examples)
                .setReportExamples(64)
                .setLoss(loss * (1 + 0.15 * Math.sin(examples)))
                .setMetrics(Map.of("accuracy", 1 - 0.6 * loss, "logLoss", loss))
                .setFadedLoss(loss)
                .setFadedMetrics(Map.of("accuracy", 1 - 0.5 * loss, "logLoss", loss))
                .setLearningRate(0.01 / (1 + examples / 10_000.0))
                .setGradientNorm(0.4 + 0.3 * Math.abs(Math.sin(examples / 700.0)))
                .setClasses(List.of("no", "yes"))
                .setConfusion(List.of(30, 4, 6, 24))
                .setFields(List.of(
                        new FieldReport("plan", 0.25, "plan=free", 0.9, 0.4, 0.5, 0.7),
                        new FieldReport("amount", 0.0, "amount", 12.5, 12.0, 4.0, 0.2),
                        new FieldReport("city", 0.5, "", null, null, null, null)))
                .setFirstTimestamp(examples - 64)
                .setLastTimestamp(examples);
    }

    /** A report of an ensemble, which has neither a gradient nor a learning rate. */
    static ValidationLoss.Builder ofEnsemble(long examples) {
        return of(examples)
                .setLearningRate(Double.NaN)
                .setGradientNorm(Double.NaN)
                .setExperts(List.of(
                        new ExpertReport("linear", 0.6, -0.2 + examples / 1e6),
                        new ExpertReport("swift", loss(examples), 0.7),
                        new ExpertReport("labels", 0.69, 0.5 - examples / 1e6)));
    }

    /** Chunk 0 of a version. */
    static ModelSnapshot head(long version, Configuration... configurations) {
        return head(version, List.of(), configurations);
    }

    /** Chunk 0 of a version that tells what was read. */
    static ModelSnapshot head(long version, List<InputStretch> inputs, Configuration... configurations) {
        return ModelSnapshot.newBuilder()
                .setModel(MODEL)
                .setPartition(0)
                .setVersion(version)
                .setChunk(0)
                .setChunks(1)
                .setEvaluation(new Evaluation(version, 0.5, Map.of("accuracy", 0.75)))
                .setParameterCount(7)
                .setParameterOffset(0)
                .setParameters(List.of())
                .setCrc32c(0)
                .setSha256("ab".repeat(32))
                .setLineage("cd".repeat(32))
                .setConfigurations(List.of(configurations))
                .setInputs(inputs)
                .build();
    }

    /** Falls, and jumps at 9,000 and at 17,000. */
    private static double loss(long examples) {
        long since = examples < 9000 ? examples : examples < 17_000 ? examples - 9000 : examples - 17_000;
        return 0.25 + 0.45 * Math.exp(-since / 2500.0);
    }
}
