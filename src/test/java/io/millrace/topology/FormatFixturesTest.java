package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.snapshot.PublishedChunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints and snapshots of every format that was ever released load for ever: {@code src/test/resources/fixtures/formats}, a directory
 * for each. After a change of what is saved or published write those of today beside them:
 *
 * <pre>mvn test -Dtest=FormatFixturesTest -Dfixtures.update=true</pre>
 *
 * <p>which takes the next number and touches none that is there.
 */
class FormatFixturesTest {
    private static final String DECLARED =
            "x?: number, y?: log, kind: oneof(a|b), at: time(hour|weekday|age,Asia/Kolkata),"
                    + " user: category(20,3), tags[]: set(16,2), note?: words(16,2)";
    private static final Path ROOT = Path.of("src/test/resources/fixtures/formats");

    /** Each way to save more or other things than the plain learner does. */
    private static Map<String, Map<String, String>> cases() {
        Map<String, Map<String, String>> cases = new LinkedHashMap<>();
        for (String optimizer :
                List.of("sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw")) {
            cases.put("optimizer-" + optimizer, Map.of("optimizer", optimizer));
        }
        cases.put("plain-without-guard", Map.of("guard.max.consecutive", "0", "standardize.features", "false"));
        cases.put("batch-norm-dropout", Map.of("batch.norm", "true", "dropout.hidden", "0.2", "model.hidden", "8,8"));
        cases.put("early-stopping", Map.of("early.stopping.patience", "3"));
        cases.put(
                "everything",
                Map.of(
                        "optimizer", "adam",
                        "batch.norm", "true",
                        "early.stopping.patience", "3",
                        "validation.holdout.fraction", "0.25",
                        "validation.curvature.every", "2"));
        cases.put(
                "graph",
                Map.of(
                        "model.hidden", "8,8,8",
                        "model.activation", "tanh,leaky_relu,sigmoid",
                        "model.residual", "3<-1",
                        "model.share", "3<-2",
                        "model.concatenate", "output<-3&input"));
        cases.put(
                "shapes",
                Map.of(
                        "optimizer",
                        "adam",
                        "model.input.shape",
                        "2x1",
                        "model.layers",
                        "a: conv(3, 2, padding=causal) relu, pool(2, stride=1), dropout(0.1), b: dense(4) leaky_relu,"
                                + " output [b, input]"));
        cases.put(
                "sequences",
                Map.of(
                        "optimizer",
                        "momentum",
                        "model.input.shape",
                        "2x1",
                        "model.layers",
                        "lstm(3, states=all), gru(4, states=all, truncate=1), dropout(0.1), rnn(3, states=all),"
                                + " rnn(2, relu)"));
        cases.put(
                "layer-norm",
                Map.of(
                        "model.input.shape",
                        "2x1",
                        "model.layers",
                        "conv(3, 1) identity, n: norm relu, norm(share=n), flatten, norm(delta=0.01) tanh"));
        cases.put("binary", Map.of("model.loss", "sigmoid_cross_entropy"));
        cases.put("multilabel", Map.of("model.task", "multilabel"));
        cases.put(
                "regression",
                Map.of(
                        "model.task", "regression",
                        "model.classes", "",
                        "model.targets", "2",
                        "standardize.targets", "true"));
        cases.put(
                "declared",
                Map.of(
                        "features", DECLARED,
                        "label", "label",
                        "value.format", "json",
                        "optimizer", "adam",
                        "early.stopping.patience", "3",
                        "validation.holdout.fraction", "0.25"));
        cases.put("ensemble", Map.of("model.kind", "ensemble"));
        cases.put(
                "ensemble-regression",
                Map.of(
                        "model.kind", "ensemble",
                        "model.task", "regression",
                        "model.classes", "",
                        "model.targets", "2",
                        "validation.holdout.fraction", "0.25"));
        cases.put(
                "ensemble-declared",
                Map.of(
                        "model.kind",
                        "ensemble",
                        "features",
                        DECLARED,
                        "label",
                        "label",
                        "value.format",
                        "json",
                        "validation.holdout.fraction",
                        "0.25"));
        return cases;
    }

    @Test
    void shouldWriteThoseOfTodayWhenAsked() throws IOException {
        assumeTrue(Boolean.getBoolean("fixtures.update"), "only with -Dfixtures.update=true");
        int next = 1;
        while (Files.exists(ROOT.resolve(String.valueOf(next)))) {
            next++;
        }
        Path directory = ROOT.resolve(String.valueOf(next));
        for (Map.Entry<String, Map<String, String>> one : cases().entrySet()) {
            new FormatFixture(directory, one.getKey()).write(one.getValue());
        }
    }

    static List<FormatFixture> fixtures() throws IOException {
        List<FormatFixture> fixtures = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(file -> file.toString().endsWith(".state"))
                    .sorted()
                    .forEach(file -> fixtures.add(new FormatFixture(
                            file.getParent(), file.getFileName().toString().replace(".state", ""))));
        }
        return fixtures;
    }

    @Test
    void shouldHaveOneOfEachKind() throws IOException {
        assertThat(fixtures()).extracting(FormatFixture::name).containsAll(cases().keySet());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldRestoreTheCheckpoint(FormatFixture fixture) throws IOException {
        LearnerSpec spec = FormatFixture.spec(fixture.settings());
        Learner learner = FormatFixture.learner(spec);
        learner.restore(new StateReader(fixture.state().get(0)));
        learner.restoreBatch(new StateReader(fixture.state().get(1)));

        assertThat(FormatFixture.facts(learner)).isEqualTo(fixture.facts("learner."));
        assertThat(FormatFixture.facts(learner.servedModel())).isEqualTo(fixture.facts("model."));
        long version = learner.version();
        FormatFixture.feedOn(learner, spec);
        assertThat(learner.version()).as("it learns on").isGreaterThan(version);
        if (!fixture.laterFacts().isEmpty()) {
            assertThat(FormatFixture.facts(learner)).isEqualTo(fixture.laterFacts());
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldServeTheSnapshot(FormatFixture fixture) throws Exception {
        LiveModel live = new LiveModel("fixture");
        for (ModelSnapshot chunk : PublishedChunks.read(fixture.snapshot())) {
            live.add(chunk, 0);
        }
        Model model = live.replicas().predictors().get(0).model();

        assertThat(FormatFixture.facts(model)).isEqualTo(fixture.facts("model."));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldRefuseTheCheckpointOfANewerFormatWithASentence(FormatFixture fixture) throws IOException {
        List<byte[]> chunks = fixture.state().get(0);
        byte[] first = chunks.get(0);
        ByteBuffer buffer = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(16, 1000);
        CRC32C crc = new CRC32C();
        crc.update(first, 4, first.length - 4);
        buffer.putInt(0, (int) crc.getValue());

        assertThatThrownBy(() -> new StateReader(chunks))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 1000")
                .hasMessageContaining("newer");
    }
}
