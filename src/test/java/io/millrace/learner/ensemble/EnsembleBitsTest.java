package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an ensemble computes: known bits, no garbage, and the figures of the design's reference. */
class EnsembleBitsTest {
    @Test
    void shouldTrainToThePinnedBitsHere() {
        assertThat(PinnedEnsemble.bits()).isEqualTo(PinnedEnsemble.BITS);
    }

    @Test
    void shouldTrainToThePinnedBitsWithPlainJava() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-Dmillrace.kernels=scalar",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PinnedEnsemble.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("plain Java").endsWith(PinnedEnsemble.BITS);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllocateNothingForAnExampleBetweenReports(Task task) {
        LearnerSpec spec = Specs.of(task).reports(Integer.MAX_VALUE).build();
        List<Example> stream = Example.stream(spec, 200, 1);
        EnsembleLearner learner = Streams.trained(spec, stream);

        assertThat(settledBytes(() -> Streams.learn(learner, stream))).isZero();
    }

    /** Accuracy and log-loss of {@code Quartet.java}, seed 1, on the first 4,000 rows. Its sums have another order and its random numbers are others. */
    @Test
    void shouldPredictElec2LikeTheReference() throws Exception {
        Path file = Path.of(System.getProperty("basedir", ""), "../shared/data/elec2.csv.gz");
        assumeThat(file).exists();
        LearnerSpec spec = Specs.classification().shape(8, 1, 2).build();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            lines.lines().skip(1).limit(4000).forEach(line -> {
                String[] fields = line.split(",");
                float[] features = new float[8];
                for (int j = 0; j < 8; j++) {
                    features[j] = Float.parseFloat(fields[j]);
                }
                learner.learn(features, new float[] {Float.parseFloat(fields[8])}, 1, 0);
            });
        }

        assertThat(learner.score().examples()).isEqualTo(4000);
        assertThat(learner.score().metrics().get("accuracy")).isCloseTo(0.9715, within(0.002));
        assertThat(learner.score().loss()).isCloseTo(0.0848, within(0.002));
    }
}
