package io.millrace.config;

import io.millrace.feature.Declaration;
import io.millrace.feature.FeatureSet;
import io.millrace.feature.InputLayout;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.activation.Relu;
import io.millrace.nn.initializer.HeUniform;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.XavierUniform;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.penalty.Penalty;
import io.millrace.nn.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;

/** Makes the specification of a learner from the values of the settings. */
final class LearnerSpecFactory {
    private static final List<String> RECTIFIERS = List.of(Relu.NAME, LeakyRelu.NAME);

    private final AbstractConfig values;
    private final Algorithms algorithms;
    private final LearnerKind kind;
    private final Task task;
    private final boolean namesLayers;
    private final int hidden; // an ensemble is described by its output layer
    private final Declaration declaration; // null: the records are Example

    private LearnerSpecFactory(AbstractConfig values, Algorithms algorithms) {
        this.values = values;
        this.algorithms = algorithms;
        kind = kind(values);
        task = task(values);
        namesLayers = kind == LearnerKind.NETWORK && ShapeSettings.namesLayers(values);
        hidden = kind == LearnerKind.ENSEMBLE
                ? 0
                : values.getList(ModelSettings.MODEL_HIDDEN).size();
        declaration = FeatureSettings.declaration(values);
    }

    /**
     * @param values settings without contradictions
     * @param rules revision of the learning rules, which are not settings
     * @throws InvalidConfigException when the layers cannot be connected as the settings say
     */
    static LearnerSpec of(AbstractConfig values, Algorithms algorithms, int rules) {
        return new LearnerSpecFactory(values, algorithms).spec(rules);
    }

    static LearnerKind kind(AbstractConfig values) {
        return LearnerKind.of(values.getString(ModelSettings.MODEL_KIND));
    }

    static Task task(AbstractConfig values) {
        return Task.of(values.getString(ModelSettings.MODEL_TASK));
    }

    /** The name of the loss. With {@code auto} the task determines it. */
    static String loss(AbstractConfig values) {
        return resolved(
                values.getString(ModelSettings.MODEL_LOSS), task(values).loss().name());
    }

    private static String resolved(String value, String automatic) {
        return value.equals(ModelSettings.AUTO) ? automatic : value;
    }

    private LearnerSpec spec(int rules) {
        Architecture architecture = architecture();
        return new LearnerSpec(
                architecture,
                task,
                values.getList(ModelSettings.MODEL_CLASSES),
                initializer(architecture),
                values.getLong(ModelSettings.MODEL_SEED),
                optimization(),
                values.getInt(TrainingSettings.BATCH_SIZE),
                values.getLong(TrainingSettings.BATCH_WINDOW_MS),
                values.getInt(TrainingSettings.BATCH_MAX_ADVANCE),
                values.getBoolean(Settings.STANDARDIZE_FEATURES),
                values.getBoolean(Settings.STANDARDIZE_TARGETS) && task == Task.REGRESSION,
                values.getDouble(Settings.STANDARDIZE_RATE),
                new Validation(
                        values.getInt(Settings.VALIDATION_REPORT_EXAMPLES),
                        values.getDouble(Settings.VALIDATION_FADING),
                        values.getDouble(Settings.VALIDATION_HOLDOUT_FRACTION),
                        values.getInt(Settings.EARLY_STOPPING_PATIENCE),
                        values.getDouble(Settings.EARLY_STOPPING_MIN_GAIN),
                        values.getInt(Settings.VALIDATION_CURVATURE_EVERY)),
                new GuardLimits(
                        values.getInt(GuardSettings.MAX_CONSECUTIVE),
                        values.getDouble(GuardSettings.LOSS_FACTOR),
                        values.getDouble(GuardSettings.OUTLIER_FACTOR)),
                LearnerSpec.rulesOf(architecture, declaration, rules),
                declaration,
                kind);
    }

    private Architecture architecture() {
        Loss loss = algorithms.loss().of(loss(values), values, Map.of());
        try {
            return declaration == null
                    ? architecture(values.getInt(ModelSettings.MODEL_INPUTS), List.of(), loss)
                    : declared(declaration.features().layout(), loss);
        } catch (IllegalArgumentException e) {
            if (namesLayers) {
                throw new InvalidConfigException(List.of(ShapeSettings.problem(values, features(), e)));
            }
            throw new InvalidConfigException(List.of("The network cannot be built: " + e.getMessage()
                    + ". See model.concatenate, model.residual and model.share."));
        }
    }

    private FeatureSet features() {
        return declaration == null ? null : declaration.features();
    }

    private Architecture declared(InputLayout layout, Loss loss) {
        return architecture(layout.inputs().size(), LearnerSpec.tables(layout), loss);
    }

    private Architecture architecture(int numbers, List<Table> tables, Loss loss) {
        int vectors = tables.stream().mapToInt(Table::width).reduce(0, Math::addExact);
        List<Layer> layers = namesLayers
                ? ShapeSettings.layers(values, algorithms, features(), numbers, vectors, outputs(loss))
                : layers(outputs(loss));
        return new Architecture(numbers, tables, layers, loss);
    }

    private int outputs(Loss loss) {
        int classes = values.getList(ModelSettings.MODEL_CLASSES).size();
        return switch (task) {
            case REGRESSION -> values.getInt(ModelSettings.MODEL_TARGETS);
            case MULTILABEL -> classes;
            // with a sigmoid, one output is enough for two classes
            case CLASSIFICATION -> loss == Loss.SIGMOID_CROSS_ENTROPY ? 1 : classes;
        };
    }

    private Initializer initializer(Architecture architecture) {
        boolean rectified = namesLayers
                ? ShapeSettings.activations(architecture.layers()).allMatch(RECTIFIERS::contains)
                : RECTIFIERS.containsAll(values.getList(ModelSettings.MODEL_ACTIVATION));
        String name = resolved(
                values.getString(ModelSettings.MODEL_INITIALIZER), rectified ? HeUniform.NAME : XavierUniform.NAME);
        return algorithms.initializer().of(name, values, Map.of());
    }

    private Optimization optimization() {
        String rate = String.valueOf(values.getDouble(TrainingSettings.LEARNING_RATE));
        return new Optimization(
                algorithms.optimizer().of(values, Map.of()),
                algorithms.schedule().of(values, Map.of(Schedule.RATE.name(), rate)),
                penalties(),
                new Clipping(
                        orInfinite(values.getDouble(TrainingSettings.CLIP_VALUE)),
                        orInfinite(values.getDouble(TrainingSettings.CLIP_NORM))));
    }

    /** The penalties that are set. A penalty whose options all have their defaults has no effect and is left out. */
    private List<Penalty> penalties() {
        List<Penalty> penalties = new ArrayList<>();
        for (AlgorithmKeys<Penalty> keys : algorithms.penalties()) {
            Penalty penalty = keys.of(values, Map.of());
            if (!penalty.equals(keys.algorithm().with(Map.of()))) {
                penalties.add(penalty);
            }
        }
        return penalties;
    }

    private static double orInfinite(double bound) {
        return bound == 0 ? Double.POSITIVE_INFINITY : bound;
    }

    private List<Layer> layers(int outputs) {
        List<Layer> layers = new ArrayList<>();
        List<String> units = values.getList(ModelSettings.MODEL_HIDDEN);
        List<Activation> activations = activations();
        for (int i = 0; i < hidden; i++) {
            Layer layer = new Layer(Integer.parseInt(units.get(i)), activations.get(i));
            layers.add(
                    values.getBoolean(ModelSettings.BATCH_NORM)
                            ? layer.withBatchNorm(algorithms.batchNorm().of(values, Map.of()))
                            : layer);
        }
        layers.add(new Layer(outputs, Activation.IDENTITY));
        connect(layers);
        return layers;
    }

    private List<Activation> activations() {
        List<Activation> named = values.getList(ModelSettings.MODEL_ACTIVATION).stream()
                .map(name -> algorithms.activation().of(name, values, Map.of()))
                .toList();
        return named.size() == 1 ? Collections.nCopies(hidden, named.get(0)) : named;
    }

    private void connect(List<Layer> layers) {
        Map<Integer, List<String>> concatenated = connections(ModelSettings.MODEL_CONCATENATE);
        Map<Integer, List<String>> residuals = connections(ModelSettings.MODEL_RESIDUAL);
        Map<Integer, List<String>> shared = connections(ModelSettings.MODEL_SHARE);
        for (int i = 0; i < layers.size(); i++) {
            Wiring wiring = new Wiring(
                    concatenated.getOrDefault(i + 1, List.of()),
                    residuals.getOrDefault(i + 1, List.of()),
                    String.join("", shared.getOrDefault(i + 1, List.of())));
            layers.set(i, dropping(i, layers.get(i).withWiring(wiring)));
        }
    }

    private Map<Integer, List<String>> connections(String key) {
        return Connections.of(values.getList(key), hidden);
    }

    /** Adds dropout of the layer's inputs: features for the first layer, hidden units for the others. */
    private Layer dropping(int index, Layer layer) {
        double probability =
                values.getDouble(index == 0 ? TrainingSettings.DROPOUT_INPUT : TrainingSettings.DROPOUT_HIDDEN);
        return probability > 0 ? layer.withInputDropout(probability) : layer;
    }
}
