package io.millrace.config;

import io.millrace.feature.Declaration;
import io.millrace.learner.spec.LearnerKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;

/** Which of the settings that determine what is learned an ensemble has. All others belong to a single network. */
final class EnsembleSettings {
    /** Those of the groups in {@link ConfigurationText}. */
    private static final Set<String> OWN = Set.of(
            ModelSettings.MODEL_NAME,
            ModelSettings.MODEL_RESET,
            ModelSettings.MODEL_KIND,
            ModelSettings.MODEL_TASK,
            ModelSettings.MODEL_INPUTS,
            ModelSettings.MODEL_CLASSES,
            ModelSettings.MODEL_TARGETS,
            ModelSettings.MODEL_SEED,
            GuardSettings.MAX_CONSECUTIVE,
            GuardSettings.LOSS_FACTOR,
            GuardSettings.OUTLIER_FACTOR,
            Settings.VALIDATION_REPORT_EXAMPLES,
            Settings.VALIDATION_FADING,
            Settings.VALIDATION_HOLDOUT_FRACTION);

    /** Stream time depends on their defaults, also where every example is learned at once. */
    private static final Set<String> STREAM_TIME =
            Set.of(TrainingSettings.BATCH_WINDOW_MS, TrainingSettings.BATCH_MAX_ADVANCE);

    /** Statistics of this many features fit into one chunk of a snapshot: an ensemble has twice as many as a network. */
    private static final int MOST_INPUTS = 15_000;

    private EnsembleSettings() {}

    static boolean chosen(AbstractConfig values) {
        return LearnerSpecFactory.kind(values) == LearnerKind.ENSEMBLE;
    }

    /** Adds a sentence for each setting that an ensemble does not have. */
    static void check(AbstractConfig values, Stream<ConfigKey> learned, List<String> problems) {
        String kind = ModelSettings.MODEL_KIND + "=" + LearnerKind.ENSEMBLE.id();
        String network = ModelSettings.MODEL_KIND + "=" + LearnerKind.NETWORK.id();
        learned.map(key -> key.name)
                .filter(key -> values.originals().containsKey(key) && !isOwn(key))
                .map(key -> key + " belongs to " + network + ". Leave it out, or set " + network + ".")
                .forEach(problems::add);
        int tables = tables(values);
        if (tables > 0) {
            problems.add("category, words and set are not possible with " + kind + " yet: leave these " + tables
                    + " features out, or set " + network + ".");
        }
        Integer inputs = values.getInt(ModelSettings.MODEL_INPUTS);
        if (inputs != null && inputs > MOST_INPUTS) {
            problems.add(
                    ModelSettings.MODEL_INPUTS + "=" + inputs + " is more than the " + MOST_INPUTS + " that " + kind
                            + " can have, because its statistics must fit into one chunk of a snapshot. Use fewer features, or set "
                            + network + ".");
        }
    }

    private static int tables(AbstractConfig values) {
        try {
            Declaration declaration = FeatureSettings.declaration(values);
            return declaration == null
                    ? 0
                    : declaration.features().layout().tables().size();
        } catch (InvalidConfigException e) {
            return 0; // others name the problem
        }
    }

    private static boolean isOwn(String key) {
        return OWN.contains(key) || FeatureSettings.KEYS.contains(key);
    }

    /** Whether a setting is part of what a snapshot says about an ensemble. */
    static boolean inText(String key) {
        return isOwn(key) || STREAM_TIME.contains(key);
    }
}
