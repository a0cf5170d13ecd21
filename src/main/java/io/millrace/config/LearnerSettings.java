package io.millrace.config;

import java.util.Collections;
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
 * @param activations activation of each hidden layer
 * @param slope leaky_relu's slope
 * @param concatenated what enters a layer, by layer from 1, the output being the last; others are fed by the layer before
 * @param residuals what is added in a layer, by layer
 * @param shared whose weights a layer uses, one name, by layer
 * @param batchNorm whether hidden layers are batch-normalised
 * @param batchNormMomentum weight of a new mini-batch in the running averages
 * @param batchNormDelta stabiliser of the divisor
 * @param batchNormUnbiased whether variances enter the running averages unbiased
 * @param loss loss, resolved
 * @param initializer initializer, resolved
 * @param seed seed of the initial weights, of dropout, and of what is held out
 * @param optimizer name of the optimizer
 * @param learningRate learning rate
 * @param optimizerOptions options of the optimizer, by their names without dots
 * @param schedule name of the schedule of the learning rate
 * @param scheduleOptions options of the schedule, by their names without dots
 * @param l2 coefficient of the L2 penalty
 * @param l1 coefficient of the L1 penalty
 * @param dropoutInput probability that a feature is left out
 * @param dropoutHidden probability that a hidden unit is left out
 * @param clipValue largest magnitude of an element of the gradient; infinite for none
 * @param clipNorm largest norm of the gradient; infinite for none
 * @param batchSize examples of a full mini-batch
 * @param batchWindowMs event time after which an unfilled mini-batch closes, ms
 * @param batchMaxAdvance how many windows one example alone can move stream time on; 0 for any distance
 * @param standardizeFeatures whether features are standardised
 * @param standardizeTargets whether regression targets are standardised
 * @param standardizeRate least weight of a new example in mean and variance
 * @param reportExamples examples between two reports
 * @param fading weight of the past in faded means
 * @param holdoutFraction share of the examples that is held out
 * @param patience reports without gain that early stopping bears, 0 for no early stopping
 * @param minGain by how much a validation loss must be below the best to be a gain
 * @param curvatureEvery reports of which one carries the curvature, 0 for none
 * @param guardConsecutive mini-batches refused in a row before the return to the last good weights; 0 for no return
 * @param guardLossFactor how many times the usual loss is too much; 0 for no limit
 * @param guardOutlierFactor how many times the largest number so far is too much; 0 for no limit
 * @param rules revision of the rules that are no settings, as {@code LearnerSpec} describes them
 */
public record LearnerSettings(
        String task,
        int inputs,
        List<String> classes,
        int targets,
        List<Integer> hidden,
        List<String> activations,
        double slope,
        Map<Integer, List<String>> concatenated,
        Map<Integer, List<String>> residuals,
        Map<Integer, List<String>> shared,
        boolean batchNorm,
        double batchNormMomentum,
        double batchNormDelta,
        boolean batchNormUnbiased,
        String loss,
        String initializer,
        long seed,
        String optimizer,
        double learningRate,
        Map<String, String> optimizerOptions,
        String schedule,
        Map<String, String> scheduleOptions,
        double l2,
        double l1,
        double dropoutInput,
        double dropoutHidden,
        double clipValue,
        double clipNorm,
        int batchSize,
        long batchWindowMs,
        int batchMaxAdvance,
        boolean standardizeFeatures,
        boolean standardizeTargets,
        double standardizeRate,
        int reportExamples,
        double fading,
        double holdoutFraction,
        int patience,
        double minGain,
        int curvatureEvery,
        int guardConsecutive,
        double guardLossFactor,
        double guardOutlierFactor,
        int rules) {

    /** Revision of the rules by which this Millrace learns. Older ones are kept, so that what was learned by them can be verified. */
    static final int NEWEST_RULES = 2;

    private static final List<String> RECTIFIERS = List.of("relu", "leaky_relu");

    static LearnerSettings of(AbstractConfig values) {
        return of(values, NEWEST_RULES);
    }

    static LearnerSettings of(AbstractConfig values, int rules) {
        String task = values.getString(ModelSettings.MODEL_TASK);
        List<Integer> hidden = values.getList(ModelSettings.MODEL_HIDDEN).stream()
                .map(Integer::valueOf)
                .toList();
        List<String> activations = values.getList(ModelSettings.MODEL_ACTIVATION);
        return new LearnerSettings(
                task,
                values.getInt(ModelSettings.MODEL_INPUTS),
                List.copyOf(values.getList(ModelSettings.MODEL_CLASSES)),
                values.getInt(ModelSettings.MODEL_TARGETS),
                hidden,
                activations.size() == 1
                        ? Collections.nCopies(hidden.size(), activations.get(0))
                        : List.copyOf(activations),
                values.getDouble(ModelSettings.MODEL_ACTIVATION_SLOPE),
                Connections.of(values.getList(ModelSettings.MODEL_CONCATENATE), hidden.size()),
                Connections.of(values.getList(ModelSettings.MODEL_RESIDUAL), hidden.size()),
                Connections.of(values.getList(ModelSettings.MODEL_SHARE), hidden.size()),
                values.getBoolean(ModelSettings.BATCH_NORM),
                values.getDouble(ModelSettings.BATCH_NORM_OPTIONS + "momentum"),
                values.getDouble(ModelSettings.BATCH_NORM_OPTIONS + "delta"),
                values.getBoolean(ModelSettings.BATCH_NORM_OPTIONS + "unbiased"),
                resolve(values.getString(ModelSettings.MODEL_LOSS), defaultLoss(task)),
                resolve(
                        values.getString(ModelSettings.MODEL_INITIALIZER),
                        RECTIFIERS.containsAll(activations) ? "he_uniform" : "xavier_uniform"),
                values.getLong(ModelSettings.MODEL_SEED),
                values.getString(TrainingSettings.OPTIMIZER),
                values.getDouble(TrainingSettings.LEARNING_RATE),
                options(values, TrainingSettings.OPTIMIZER),
                values.getString(TrainingSettings.SCHEDULE),
                options(values, TrainingSettings.SCHEDULE),
                values.getDouble(TrainingSettings.L2),
                values.getDouble(TrainingSettings.L1),
                values.getDouble(TrainingSettings.DROPOUT_INPUT),
                values.getDouble(TrainingSettings.DROPOUT_HIDDEN),
                orInfinite(values.getDouble(TrainingSettings.CLIP_VALUE)),
                orInfinite(values.getDouble(TrainingSettings.CLIP_NORM)),
                values.getInt(TrainingSettings.BATCH_SIZE),
                values.getLong(TrainingSettings.BATCH_WINDOW_MS),
                values.getInt(TrainingSettings.BATCH_MAX_ADVANCE),
                values.getBoolean(Settings.STANDARDIZE_FEATURES),
                values.getBoolean(Settings.STANDARDIZE_TARGETS) && task.equals("regression"),
                values.getDouble(Settings.STANDARDIZE_RATE),
                values.getInt(Settings.VALIDATION_REPORT_EXAMPLES),
                values.getDouble(Settings.VALIDATION_FADING),
                values.getDouble(Settings.VALIDATION_HOLDOUT_FRACTION),
                values.getInt(Settings.EARLY_STOPPING_PATIENCE),
                values.getDouble(Settings.EARLY_STOPPING_MIN_GAIN),
                values.getInt(Settings.VALIDATION_CURVATURE_EVERY),
                values.getInt(GuardSettings.MAX_CONSECUTIVE),
                values.getDouble(GuardSettings.LOSS_FACTOR),
                values.getDouble(GuardSettings.OUTLIER_FACTOR),
                rules);
    }

    private static String defaultLoss(String task) {
        return switch (task) {
            case "multilabel" -> "sigmoid_cross_entropy";
            case "regression" -> "half_mse";
            default -> "softmax_cross_entropy";
        };
    }

    private static String resolve(String value, String automatic) {
        return value.equals(ModelSettings.AUTO) ? automatic : value;
    }

    private static double orInfinite(double bound) {
        return bound == 0 ? Double.POSITIVE_INFINITY : bound;
    }

    /** The options of the chosen algorithm, under the names that the algorithm has for them. */
    private static Map<String, String> options(AbstractConfig values, String choice) {
        String prefix = choice + "." + values.getString(choice) + ".";
        Map<String, String> options = new TreeMap<>();
        values.values().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                options.put(key.substring(prefix.length()).replace('.', '_'), String.valueOf(value));
            }
        });
        return options;
    }
}
