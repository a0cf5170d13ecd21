package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.loss.HalfMeanSquaredError;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.loss.SigmoidCrossEntropy;
import io.millrace.nn.loss.SoftmaxCrossEntropy;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.GoldenOptimizer;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.penalty.L1;
import io.millrace.nn.penalty.L2;
import io.millrace.nn.penalty.Penalty;
import io.millrace.nn.schedule.ConstantRate;
import io.millrace.nn.schedule.LinearDecay;
import io.millrace.nn.schedule.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One case of the format {@code golden-mlp-1}: ten mini-batches through a network, compared with a run in double precision. */
final class GoldenMlpCase {
    private static final Set<String> KEYS = Set.of(
            "format",
            "name",
            "seed",
            "generator",
            "net",
            "loss",
            "optimizer",
            "l2",
            "l1",
            "clip_global_norm",
            "lr_schedule",
            "init",
            "batches",
            "eval",
            "expected");
    private static final Map<String, String> LOSSES = Map.of(
            "half_mse", HalfMeanSquaredError.NAME,
            "softmax_ce", SoftmaxCrossEntropy.NAME,
            "sigmoid_bce", SigmoidCrossEntropy.NAME);

    private static final Map<String, String> SHORT = Map.of("b", "b", "gamma", "g", "beta", "be");

    private final JsonNode golden;
    private final JsonNode expected;
    private final Network network;
    private final Trainer trainer;
    private final Schedule schedule;
    private final int outputs;
    private final int width;

    GoldenMlpCase(JsonNode golden) {
        this.golden = golden;
        this.expected = golden.get("expected").get("f64");
        requireKeys(golden, KEYS);
        this.network = new Network(architecture(), KernelsProvider.kernels());
        this.outputs = network.architecture().outputs();
        this.width = network.architecture().targetWidth();
        this.trainer = trainer();
        this.schedule = schedule();
        network.fromCanonical(canonical(golden.get("init"), true), trainer.parameters());
    }

    void run() {
        JsonNode batches = golden.get("batches");
        assertThat(batches.size()).as("number of batches").isEqualTo(10);
        for (int k = 0; k < batches.size(); k++) {
            String step = "step " + (k + 1) + ": ";
            JsonNode batch = batches.get(k);
            int rows = batch.get("x").size();
            float[] x = flat(batch.get("x"), network.architecture().inputs());
            float[] y = flat(batch.get("y"), width);
            float[] losses = new float[rows];
            float[] scores = new float[rows * outputs];
            float[] weights = new float[rows];
            Arrays.fill(weights, 1f);
            double penalty = trainer.penalty();
            float rate = schedule.learningRate(
                    k + golden.get("lr_schedule").path("k_first").asLong(0));
            if (k == 0) {
                trainer.computeGradient(x, y, weights, rows, losses, scores);
                compare(step + "gradient", trainer.gradient(), expected.get("grad_step1"));
            }
            double loss = trainingLoss(x, y, rows);
            trainer.step(x, y, weights, rows, rate, losses, scores, true);
            if (network.stateCount() == 0) {
                loss = mean(losses, rows);
            }
            close(step + "loss", loss, expected.get("loss").get(k));
            close(step + "objective", loss + penalty, expected.get("objective").get(k));
            close(
                    step + "grad_norm",
                    trainer.gradientNorm(),
                    expected.get("grad_norm").get(k));
            close(step + "lr", rate, expected.get("lr").get(k));
            JsonNode parameters = expected.get("params").get(Integer.toString(k + 1));
            if (parameters != null) {
                compare(step + "parameters", trainer.parameters(), parameters);
                compareState(step, expected.path("bn_running").path(Integer.toString(k + 1)));
            }
        }
        evaluate();
    }

    private void evaluate() {
        JsonNode eval = golden.get("eval");
        int rows = eval.get("x").size();
        float[] x = flat(eval.get("x"), network.architecture().inputs());
        float[] losses = new float[rows];
        trainer.evaluate(x, flat(eval.get("y"), width), rows, losses, new float[rows * outputs]);
        Workspace workspace = network.workspace(rows);
        network.forward(trainer.parameters(), trainer.state(), x, rows, workspace);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < outputs; j++) {
                close(
                        "eval output " + i + "," + j,
                        workspace.logits()[i * workspace.logitsStride() + j],
                        expected.get("eval").get("output").get(i).get(j));
            }
        }
        close("eval loss", mean(losses, rows), expected.get("eval").get("loss"));
    }

    private Architecture architecture() {
        requireKeys(golden.get("net"), Set.of("layers"));
        List<Layer> layers = new ArrayList<>();
        JsonNode described = golden.get("net").get("layers");
        for (JsonNode layer : described) {
            requireKeys(layer, Set.of("in", "out", "activation", "slope", "bias", "batchnorm", "kind"));
            boolean normalized = layer.hasNonNull("batchnorm");
            LayerKind kind = layer.hasNonNull("kind")
                    ? LayerKinds.of(layer.get("kind").asText())
                    : new Dense(layer.get("out").asInt());
            assertThat(kind.units()).as("units").isEqualTo(layer.get("out").asInt());
            assertThat(layer.get("bias").asBoolean())
                    .as("bias")
                    .isEqualTo(!normalized && kind.parameters(1) > 0 && !(kind instanceof LayerNorm));
            Map<String, String> options = layer.hasNonNull("slope")
                    ? Map.of("slope", layer.get("slope").asText())
                    : Map.of();
            Activation activation = Activation.of(layer.get("activation").asText(), options);
            Layer plain = new Layer(kind, activation);
            layers.add(normalized ? plain.withBatchNorm(batchNorm(layer.get("batchnorm"))) : plain);
        }
        String loss = golden.get("loss").asText();
        assertThat(LOSSES).as("known losses").containsKey(loss);
        return new Architecture(described.get(0).get("in").asInt(), layers, Loss.of(LOSSES.get(loss)));
    }

    private Trainer trainer() {
        Optimizer optimizer = GoldenOptimizer.of(golden.get("optimizer"));
        int rows = golden.get("batches").get(0).get("x").size();
        List<Penalty> penalties = new ArrayList<>();
        if (golden.get("l2").asDouble() != 0) {
            penalties.add(new L2(golden.get("l2").asDouble()));
        }
        if (golden.get("l1").asDouble() != 0) {
            penalties.add(new L1(golden.get("l1").asDouble()));
        }
        JsonNode norm = golden.get("clip_global_norm");
        Clipping clipping = norm.isNull() ? Clipping.NONE : new Clipping(norm.asDouble());
        int maxRows = Math.max(rows, golden.get("eval").get("x").size());
        return new Trainer(network, optimizer, penalties, clipping, maxRows, 0);
    }

    private static BatchNorm batchNorm(JsonNode described) {
        requireKeys(described, Set.of("delta", "momentum", "running_var"));
        return new BatchNorm(
                described.get("momentum").asDouble(),
                described.get("delta").asDouble(),
                described.get("running_var").asText().equals("unbiased"));
    }

    private Schedule schedule() {
        double rate = golden.get("optimizer").get("lr").asDouble();
        JsonNode described = golden.get("lr_schedule");
        if (described.isNull()) {
            return new ConstantRate(rate);
        }
        requireKeys(described, Set.of("type", "eps_tau", "tau", "k_first"));
        assertThat(described.get("type").asText()).as("type of schedule").isEqualTo("linear");
        return new LinearDecay(
                rate, described.get("eps_tau").asDouble(), described.get("tau").asLong());
    }

    /** Canonical parameters from {@code [{W: [out][in], b: [out]}, ...]} or from {@code {W0, b0, W1, ...}}. */
    private float[] canonical(JsonNode node, boolean list) {
        float[] canonical = new float[network.parameterCount()];
        int p = 0;
        for (int l = 0; l < network.architecture().layers().size(); l++) {
            LayerKind kind = network.architecture().layers().get(l).kind();
            if (kind.parameters(1) == 0) {
                continue;
            }
            if (kind instanceof LayerNorm) {
                p = vectors(node, l, list, canonical, p);
                continue;
            }
            JsonNode w = list ? node.get(l).get("W") : node.get("W" + l);
            if (kind instanceof Recurrent recurrent) {
                p = gates(w, recurrent, recurrent.in().channels(), canonical, p);
                p = gates(list ? node.get(l).get("U") : node.get("U" + l), recurrent, recurrent.size(), canonical, p);
                for (JsonNode value : list ? node.get(l).get("b") : node.get("b" + l)) {
                    canonical[p++] = (float) value.asDouble();
                }
                continue;
            }
            int units = ReferenceKinds.channels(kind);
            int inputs = ReferenceKinds.weights(kind, network.architecture().inputsOf(l)) / units;
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < units; j++) {
                    canonical[p++] = (float) w.get(j).get(i).asDouble();
                }
            }
            p = vectors(node, l, list, canonical, p);
        }
        return canonical;
    }

    /** The bias of a layer, or its scale and shift. */
    private int vectors(JsonNode node, int l, boolean list, float[] canonical, int start) {
        int p = start;
        for (String name : normalized(l) ? List.of("gamma", "beta") : List.of("b")) {
            for (JsonNode value : list ? node.get(l).get(name) : node.get(SHORT.get(name) + l)) {
                canonical[p++] = (float) value.asDouble();
            }
        }
        return p;
    }

    /** The matrices of all gates, {@code [inputs x units]} each, from {@code [gates * units][inputs]}. */
    private static int gates(JsonNode w, Recurrent kind, int inputs, float[] canonical, int start) {
        int p = start;
        for (int gate = 0; gate < kind.cell().gates(); gate++) {
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < kind.size(); j++) {
                    canonical[p++] =
                            (float) w.get(gate * kind.size() + j).get(i).asDouble();
                }
            }
        }
        return p;
    }

    private void compare(String what, float[] padded, JsonNode want) {
        Set<String> names = new TreeSet<>();
        for (int l = 0; l < network.architecture().layers().size(); l++) {
            LayerKind kind = network.architecture().layers().get(l).kind();
            if (kind.parameters(1) == 0) {
                continue;
            }
            names.addAll(normalized(l) ? List.of("g" + l, "be" + l) : List.of("b" + l));
            if (!(kind instanceof LayerNorm)) {
                names.add("W" + l);
            }
            if (kind instanceof Recurrent) {
                names.add("U" + l);
            }
        }
        requireKeys(want, names);
        float[] got = new float[network.parameterCount()];
        network.toCanonical(padded, got);
        float[] wanted = canonical(want, false);
        for (int i = 0; i < got.length; i++) {
            close(what + "[" + i + "]", got[i], wanted[i]);
        }
    }

    /** Whether the layer has a scale and a shift, by the batch or by itself. */
    private boolean normalized(int l) {
        Layer layer = network.architecture().layers().get(l);
        return layer.normalized() || layer.kind() instanceof LayerNorm;
    }

    private void compareState(String what, JsonNode want) {
        float[] state = new float[network.stateCount()];
        network.stateToCanonical(trainer.state(), state);
        int p = 0;
        for (int l = 0; l < network.architecture().layers().size(); l++) {
            boolean averaged = network.architecture().layers().get(l).normalized();
            for (String name : averaged ? List.of("mean", "var") : List.<String>of()) {
                for (JsonNode value : want.get(name + l)) {
                    close(what + name + l, state[p++], value);
                }
            }
        }
        assertThat(p).isEqualTo(state.length);
    }

    /** Mean loss of the pass of training; the trainer's losses are those of evaluation. */
    private double trainingLoss(float[] x, float[] y, int rows) {
        Workspace workspace = network.workspace(rows);
        new TrainingPass(workspace, 0).forward(trainer.parameters(), trainer.state(), x, rows, 0);
        Loss loss = network.architecture().loss();
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            int offset = i * workspace.logitsStride();
            sum += loss.evaluate(workspace.logits(), offset, outputs, y, i * width, new float[outputs], 0);
        }
        return sum / rows;
    }

    private static float[] flat(JsonNode rows, int width) {
        float[] flat = new float[rows.size() * width];
        int p = 0;
        for (JsonNode row : rows) {
            if (row.isArray()) {
                for (JsonNode value : row) {
                    flat[p++] = value.isNull() ? Float.NaN : (float) value.asDouble(); // null: a step that is padding
                }
            } else {
                flat[p++] = (float) row.asDouble();
            }
        }
        assertThat(p).as("floats of %d rows", rows.size()).isEqualTo(flat.length);
        return flat;
    }

    private static double mean(float[] losses, int rows) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += losses[i];
        }
        return sum / rows;
    }

    private static void close(String what, double got, JsonNode want) {
        assertThat(want).as(what).isNotNull();
        close(what, got, want.asDouble());
    }

    /** The tolerance of the golden vectors' README. */
    private static void close(String what, double got, double want) {
        assertThat(Math.abs(got - want))
                .as("%s: got %s, want %s", what, got, want)
                .isLessThanOrEqualTo(1e-5 + 1e-4 * Math.abs(want));
    }

    private static void requireKeys(JsonNode node, Set<String> known) {
        Iterator<String> names = node.fieldNames();
        while (names.hasNext()) {
            assertThat(known).as("known keys").contains(names.next());
        }
    }
}
