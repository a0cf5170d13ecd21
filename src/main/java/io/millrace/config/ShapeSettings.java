package io.millrace.config;

import static io.millrace.config.FeatureSettings.FEATURES;
import static io.millrace.config.ModelSettings.MODEL_ACTIVATION;
import static io.millrace.config.ModelSettings.MODEL_INPUTS;
import static io.millrace.config.ModelSettings.MODEL_INPUT_SHAPE;
import static io.millrace.config.ModelSettings.MODEL_LAYERS;

import io.millrace.feature.FeatureSet;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.Activations;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.network.LayerKinds;
import io.millrace.nn.network.LayersParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;

/** The settings that write the layers of a network on one line, and the shape of what enters. */
final class ShapeSettings {
    static final Set<String> KEYS = Set.of(MODEL_INPUT_SHAPE, MODEL_LAYERS);

    /** What the line says instead. */
    static final List<String> SHORT_FORM = List.of(
            ModelSettings.MODEL_HIDDEN,
            ModelSettings.MODEL_CONCATENATE,
            ModelSettings.MODEL_RESIDUAL,
            ModelSettings.MODEL_SHARE,
            TrainingSettings.DROPOUT_INPUT,
            TrainingSettings.DROPOUT_HIDDEN);

    private ShapeSettings() {}

    /** Whether the layers are on one line. */
    static boolean namesLayers(AbstractConfig values) {
        return !values.getString(MODEL_LAYERS).isEmpty();
    }

    /** Sets {@code model.inputs} where only the shape says how many there are. Adds a sentence if there are too many. */
    static void countInputs(Map<String, String> own, List<String> problems) {
        String shape = own.getOrDefault(MODEL_INPUT_SHAPE, "");
        if (!Validators.isShape(shape) || own.containsKey(FEATURES) || own.containsKey(MODEL_INPUTS)) {
            return;
        }
        int inputs = Shape.of(shape).size();
        if (inputs > ModelSettings.MOST_INPUTS) {
            problems.add(MODEL_INPUT_SHAPE + "=" + shape + " is " + inputs + " numbers; at most "
                    + ModelSettings.MOST_INPUTS + " are possible. Use a smaller shape.");
        }
        own.put(MODEL_INPUTS, String.valueOf(inputs));
    }

    /** The words of the line, among them the activations. */
    static List<String> words(AbstractConfig values) {
        return List.of(values.getString(MODEL_LAYERS).split("[^A-Za-z0-9_]+"));
    }

    /** Adds a sentence for each setting that contradicts another. */
    static void check(AbstractConfig values, List<String> problems) {
        if (!namesLayers(values)) {
            if (!values.getString(MODEL_INPUT_SHAPE).isEmpty()) {
                problems.add(
                        MODEL_INPUT_SHAPE + " is for " + MODEL_LAYERS
                                + ", which is not set: set it, for example to conv(16, 3x3) relu, mean, or leave the shape out.");
            }
            return;
        }
        SHORT_FORM.stream()
                .filter(values.originals()::containsKey)
                .forEach(
                        key -> problems.add(key + " and " + MODEL_LAYERS + " both say what the layers are: write it in "
                                + MODEL_LAYERS + ", and leave " + key + " out."));
        if (values.getList(MODEL_ACTIVATION).size() > 1) {
            problems.add(MODEL_ACTIVATION + " names several activations, and " + MODEL_LAYERS
                    + " is set: name one, and write others behind their layers.");
        }
    }

    /**
     * Reads the layers.
     *
     * @param features declared features; null if there are none
     * @param numbers of a row of numbers
     * @param vectors of all tables, which follow the numbers
     * @throws IllegalArgumentException if the line cannot be read or does not fit
     */
    static List<Layer> layers(
            AbstractConfig values, Algorithms algorithms, FeatureSet features, int numbers, int vectors, int outputs) {
        Map<String, Activation> activations = new LinkedHashMap<>();
        for (String name : Activations.FAMILY.names()) {
            activations.put(name, algorithms.activation().of(name, values, Map.of()));
        }
        Activation usual = activations.get(values.getList(MODEL_ACTIVATION).get(0));
        List<Layer> layers = new ArrayList<>(LayersParser.parse(
                values.getString(MODEL_LAYERS),
                input(values, features, numbers, vectors),
                outputs,
                activations,
                usual));
        for (int l = 0; l + 1 < layers.size() && values.getBoolean(ModelSettings.BATCH_NORM); l++) {
            if (hasWeights(layers.get(l).kind())) {
                layers.set(l, layers.get(l).withBatchNorm(algorithms.batchNorm().of(values, Map.of())));
            }
        }
        return layers;
    }

    /** Whether a layer multiplies by weights, as opposed to a scale for each number. */
    private static boolean hasWeights(LayerKind kind) {
        return kind.parameters(1) > 0 && !(kind instanceof LayerNorm);
    }

    private static Shape input(AbstractConfig values, FeatureSet features, int numbers, int vectors) {
        String text = values.getString(MODEL_INPUT_SHAPE);
        String declared = features == null ? null : features.shape();
        if (text.isEmpty()) {
            return declared == null ? Shape.flat(Math.addExact(numbers, vectors)) : Shape.of(declared);
        }
        if (vectors > 0) {
            throw new IllegalArgumentException(
                    "the features have tables, whose vectors have no place in a shape: leave " + MODEL_INPUT_SHAPE
                            + " out, or declare features without category, words and set");
        }
        Shape shape = Shape.of(text);
        if (declared != null && !shape.equals(Shape.of(declared))) {
            throw new IllegalArgumentException(MODEL_INPUT_SHAPE + "=" + text + " contradicts the declared " + features
                    + ": leave " + MODEL_INPUT_SHAPE + " out");
        }
        if (shape.size() != numbers) {
            throw new IllegalArgumentException(MODEL_INPUT_SHAPE + "=" + text + " is " + shape.size()
                    + " numbers, but the features are " + numbers + ": the product must be their number");
        }
        return shape;
    }

    /** A sentence about layers that cannot be read or connected. */
    static String problem(AbstractConfig values, FeatureSet features, IllegalArgumentException e) {
        return MODEL_LAYERS + "=" + values.getString(MODEL_LAYERS) + " cannot be built: " + e.getMessage() + "."
                + advice(values, features);
    }

    private static String advice(AbstractConfig values, FeatureSet features) {
        boolean shaped = !values.getString(MODEL_INPUT_SHAPE).isEmpty() || features != null && features.shape() != null;
        if (shaped || words(values).stream().noneMatch(LayerKinds::readsShape)) {
            return "";
        }
        return features == null
                ? " If the features are an image or a sequence, set " + MODEL_INPUT_SHAPE + "."
                : features.features().stream()
                        .filter(feature -> feature.type().shape() != null)
                        .findFirst()
                        .map(
                                feature -> " The input has no shape, although " + feature
                                        + " has one, because it has other numbers, too: declare this feature alone, and without \"?\".")
                        .orElse(" If the features are an image or a sequence, declare them as one field, for example"
                                + " values: numbers(20x6), or set " + MODEL_INPUT_SHAPE + ".");
    }

    /** The names of the activations of the layers with weights, but the last. */
    static Stream<String> activations(List<Layer> layers) {
        return layers.subList(0, layers.size() - 1).stream()
                .filter(layer -> hasWeights(layer.kind()))
                .map(layer -> layer.activation().name());
    }
}
