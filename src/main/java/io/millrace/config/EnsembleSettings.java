package io.millrace.config;

import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;

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

    /** Declared numbers have a count each, too. */
    private static final int MOST_DECLARED = 13_000;

    private EnsembleSettings() {}

    static boolean chosen(AbstractConfig values) {
        return LearnerSpecFactory.kind(values) == LearnerKind.ENSEMBLE;
    }

    /** Adds a sentence for each setting that an ensemble does not have. */
    static void check(AbstractConfig values, Settings settings, List<String> problems) {
        String network = ModelSettings.kind(LearnerKind.NETWORK);
        ofNetwork(values.originals().keySet(), settings).stream()
                .map(key -> key + " belongs to " + network + ". Leave it out, or set " + network + ".")
                .forEach(problems::add);
        Integer inputs = values.getInt(ModelSettings.MODEL_INPUTS);
        if (inputs != null && inputs > MOST_INPUTS) {
            problems.add(ModelSettings.MODEL_INPUTS + "=" + inputs + " is more than the " + MOST_INPUTS + " that "
                    + ModelSettings.kind(LearnerKind.ENSEMBLE)
                    + " can have, because its statistics must fit into one chunk of a snapshot. Use fewer features, or set "
                    + network + ".");
        }
    }

    /** Those of the given keys that only a single network has. */
    static List<String> ofNetwork(Set<String> keys, Settings settings) {
        return ConfigurationText.keys(settings)
                .map(key -> key.name)
                .filter(key -> keys.contains(key) && !isOwn(key))
                .toList();
    }

    /** Why an ensemble cannot have this number of features; empty if it can. */
    static Optional<String> tooWide(Integer inputs) {
        return inputs == null || inputs <= MOST_INPUTS
                ? Optional.empty()
                : Optional.of("an ensemble has at most " + MOST_INPUTS + " features, but " + ModelSettings.MODEL_INPUTS
                        + "=" + inputs);
    }

    /** Adds a sentence if the features make more inputs than an ensemble can have. */
    static void checkDeclared(LearnerSpec learner, List<String> problems) {
        int inputs = learner.architecture().inputs();
        if (learner.declaration() != null && inputs > MOST_DECLARED) {
            problems.add(
                    FeatureSettings.FEATURES + " makes " + inputs + " inputs, more than the " + MOST_DECLARED + " that "
                            + ModelSettings.kind(LearnerKind.ENSEMBLE)
                            + " can have, because its statistics must fit into one chunk of a snapshot. Declare fewer features, or set "
                            + ModelSettings.kind(LearnerKind.NETWORK) + ".");
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
