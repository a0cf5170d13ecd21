package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.optimizer.GoldenOptimizer;
import io.millrace.nn.schedule.ConstantRate;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A golden case of format golden-e2e-1: a learner that starts from given weights, standardises, tests, then trains on the first
 * rows of a file. The file is too large for the repository: where neither the folder's neighbours nor {@code ../shared} have it, the
 * case is skipped.
 */
public final class GoldenEndToEndCase {
    private static final Pattern DATA = Pattern.compile("(\\S+) rows 1\\.\\.(\\d+), label .*");
    private static final double COUNT = 2;
    private static final double MEAN_LOSS = 1e-4;
    private static final double WEIGHTS = 1e-3;

    private final JsonNode golden;
    private final NetworkLearner learner;

    private GoldenEndToEndCase(JsonNode golden) {
        this.golden = golden;
        learner = new NetworkLearner(spec(golden), report -> {});
    }

    /**
     * @param golden the parsed file
     * @param folder the file's folder; the data lies beside it
     * @throws IOException when the data cannot be read
     */
    public static void verify(JsonNode golden, Path folder) throws IOException {
        Matcher data = DATA.matcher(golden.path("data").asText());
        assertThat(data.matches()).as("data: %s", golden.path("data")).isTrue();
        Path beside = folder.toAbsolutePath().resolveSibling(data.group(1)).normalize();
        Path usual = Path.of(System.getProperty("basedir", ""), "../shared", data.group(1));
        Path file = Files.exists(beside) ? beside : usual;
        assumeThat(file).as("the stream of this case").exists();
        new GoldenEndToEndCase(golden).run(file, Integer.parseInt(data.group(2)));
    }

    private void run(Path file, int rows) throws IOException {
        Map<Integer, JsonNode> checkpoints = new HashMap<>();
        golden.path("expected")
                .path("f64")
                .path("checkpoints")
                .forEach(c -> checkpoints.put(c.path("examples").intValue(), c));
        assertThat(checkpoints).isNotEmpty();
        int row = 0;
        try (Reader reader =
                        new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8);
                CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(reader)) {
            for (CsvRecord line : csv) {
                if (row > 0 && row <= rows) {
                    learn(line.getFields());
                    if (checkpoints.containsKey(row)) {
                        verifyCheckpoint(checkpoints.remove(row));
                    }
                }
                row++;
            }
        }
        assertThat(checkpoints).as("checkpoints that were not reached").isEmpty();
        verifyParameters(golden.path("expected").path("f64").path("final"));
    }

    private void learn(List<String> fields) {
        int inputs = fields.size() - 1;
        float[] features = new float[inputs];
        for (int j = 0; j < inputs; j++) {
            features[j] = Float.parseFloat(fields.get(j));
        }
        learner.learn(features, new float[] {Float.parseFloat(fields.get(inputs))}, 1, 0);
    }

    private void verifyCheckpoint(JsonNode expected) {
        int examples = expected.path("examples").intValue();
        assertThat(learner.version()).isEqualTo(examples);
        Score score = learner.score();
        assertThat(score.metrics().get("accuracy") * examples)
                .as("correct of the first %d", examples)
                .isCloseTo(expected.path("correct").doubleValue(), within(COUNT + 1e-6));
        assertThat(score.loss())
                .as("mean loss of the first %d", examples)
                .isCloseTo(expected.path("mean_loss").doubleValue(), within(MEAN_LOSS));
    }

    private void verifyParameters(JsonNode layers) {
        float[] parameters = learner.model().parameters();
        int at = 0;
        for (int l = 0; l < layers.size(); l++) {
            JsonNode weights = layers.get(l).path("W"); // [out][in]
            int outputs = weights.size();
            int inputs = weights.get(0).size();
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < outputs; j++) {
                    assertThat((double) parameters[at++])
                            .as("layer %d, weight from %d to %d", l, i, j)
                            .isCloseTo(weights.get(j).get(i).doubleValue(), within(WEIGHTS));
                }
            }
            for (int j = 0; j < outputs; j++) {
                assertThat((double) parameters[at++])
                        .as("layer %d, bias %d", l, j)
                        .isCloseTo(layers.get(l).path("b").get(j).doubleValue(), within(WEIGHTS));
            }
        }
        assertThat(at).isEqualTo(parameters.length);
    }

    private static LearnerSpec spec(JsonNode golden) {
        List<Layer> layers = new ArrayList<>();
        golden.path("net")
                .path("layers")
                .forEach(layer -> layers.add(new Layer(
                        layer.path("out").intValue(),
                        Activation.of(layer.path("activation").asText()))));
        Loss loss = switch (golden.path("loss").asText()) {
            case "softmax_ce" -> Loss.SOFTMAX_CROSS_ENTROPY;
            case "sigmoid_bce" -> Loss.SIGMOID_CROSS_ENTROPY;
            default -> throw new AssertionError("no such loss of a classification: " + golden.path("loss"));
        };
        int inputs = golden.path("net").path("layers").get(0).path("in").intValue();
        JsonNode optimizer = golden.path("optimizer");
        double rate = optimizer.path("lr").asDouble();
        return new LearnerSpec(
                new Architecture(inputs, layers, loss),
                Task.CLASSIFICATION,
                List.of("0", "1"),
                new Given(canonical(golden)),
                0,
                new Optimization(GoldenOptimizer.of(optimizer), new ConstantRate(rate)),
                golden.path("batch").intValue(),
                1,
                0,
                true,
                false,
                0,
                new Validation(1000, 0),
                new GuardLimits(10, 1e6, 1e6),
                2);
    }

    /** The initial weights of each layer, [in][out]; biases start at zero, as in every learner. */
    private static List<float[]> canonical(JsonNode golden) {
        List<float[]> result = new ArrayList<>();
        for (JsonNode layer : golden.path("init")) {
            layer.path("b").forEach(bias -> assertThat(bias.doubleValue()).isZero());
            JsonNode weights = layer.path("W"); // [out][in]
            int inputs = weights.get(0).size();
            float[] transposed = new float[inputs * weights.size()];
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < weights.size(); j++) {
                    transposed[i * weights.size() + j] = weights.get(j).get(i).floatValue();
                }
            }
            result.add(transposed);
        }
        return result;
    }

    /** Deals out given weights, layer by layer, in the order in which a network asks for them. */
    private static final class Given implements Initializer {
        private final List<float[]> weights;
        private int layer;
        private int next;

        Given(List<float[]> weights) {
            this.weights = weights;
        }

        @Override
        public String name() {
            return "given";
        }

        @Override
        public float weight(SplitMix64 random, int inputs, int outputs) {
            if (next == weights.get(layer).length) {
                layer++;
                next = 0;
            }
            assertThat(weights.get(layer)).hasSize(inputs * outputs);
            return weights.get(layer)[next++];
        }
    }
}
