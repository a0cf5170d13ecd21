package io.millrace.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * The settings that a learner is made of, defaults filled in.
 *
 * @param task classification, multilabel or regression
 * @param inputs number of features
 * @param classes names of classes or labels; empty for regression
 * @param targets number of regression targets
 * @param hidden units of the hidden layers
 * @param activation activation of the hidden layers
 * @param loss loss, resolved
 * @param initializer initializer, resolved
 * @param seed seed of the initial weights
 * @param optimizer name of the optimizer
 * @param learningRate learning rate
 * @param optimizerOptions options of the optimizer, by their names without dots
 * @param batchSize examples of a full mini-batch
 * @param batchWindowMs event time after which an unfilled mini-batch closes, ms
 * @param standardizeFeatures whether features are standardised
 * @param standardizeTargets whether regression targets are standardised
 * @param standardizeRate least weight of a new example in mean and variance
 * @param reportExamples examples between two reports
 * @param fading weight of the past in faded means
 */
public record LearnerSettings(
        String task,
        int inputs,
        List<String> classes,
        int targets,
        List<Integer> hidden,
        String activation,
        String loss,
        String initializer,
        long seed,
        String optimizer,
        double learningRate,
        Map<String, String> optimizerOptions,
        int batchSize,
        long batchWindowMs,
        boolean standardizeFeatures,
        boolean standardizeTargets,
        double standardizeRate,
        int reportExamples,
        double fading) {

    static LearnerSettings of(AbstractConfig values) {
        String task = values.getString(Settings.MODEL_TASK);
        String activation = values.getString(Settings.MODEL_ACTIVATION);
        return new LearnerSettings(
                task,
                values.getInt(Settings.MODEL_INPUTS),
                List.copyOf(values.getList(Settings.MODEL_CLASSES)),
                values.getInt(Settings.MODEL_TARGETS),
                values.getList(Settings.MODEL_HIDDEN).stream()
                        .map(Integer::valueOf)
                        .toList(),
                activation,
                resolve(values.getString(Settings.MODEL_LOSS), defaultLoss(task)),
                resolve(
                        values.getString(Settings.MODEL_INITIALIZER),
                        activation.equals("relu") ? "he_uniform" : "xavier_uniform"),
                values.getLong(Settings.MODEL_SEED),
                values.getString(Settings.OPTIMIZER),
                values.getDouble(Settings.LEARNING_RATE),
                optimizerOptions(values),
                values.getInt(Settings.BATCH_SIZE),
                values.getLong(Settings.BATCH_WINDOW_MS),
                values.getBoolean(Settings.STANDARDIZE_FEATURES),
                values.getBoolean(Settings.STANDARDIZE_TARGETS) && task.equals("regression"),
                values.getDouble(Settings.STANDARDIZE_RATE),
                values.getInt(Settings.VALIDATION_REPORT_EXAMPLES),
                values.getDouble(Settings.VALIDATION_FADING));
    }

    private static String defaultLoss(String task) {
        return switch (task) {
            case "multilabel" -> "sigmoid_cross_entropy";
            case "regression" -> "half_mse";
            default -> "softmax_cross_entropy";
        };
    }

    private static String resolve(String value, String automatic) {
        return value.equals(Settings.AUTO) ? automatic : value;
    }

    private static Map<String, String> optimizerOptions(AbstractConfig values) {
        String prefix = Settings.OPTIMIZER_OPTIONS + values.getString(Settings.OPTIMIZER) + ".";
        Map<String, String> options = new TreeMap<>();
        values.values().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                options.put(key.substring(prefix.length()).replace('.', '_'), String.valueOf(value));
            }
        });
        return options;
    }
}
