package io.millrace.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * The settings that determine what is learned, as text: what a snapshot carries so that its learner can be built again, without
 * anybody's configuration file and whatever the defaults will be by then.
 */
public final class ConfigurationText {
    private static final Set<String> GROUPS = Set.of("Model", "Learning", "Guard", "Preprocessing", "Evaluation");

    /** What the definition demands and no learner asks for. */
    private static final Map<String, String> ELSEWHERE =
            Map.of(Settings.BOOTSTRAP_SERVERS, "localhost:1", Settings.SCHEMA_REGISTRY_URL, "http://localhost:1");

    /** Not a setting: the revision of the rules that this Millrace learns by. */
    private static final String RULES = "rules";

    /** What was in force before a text could say so. Whoever adds a setting, or a rule, adds here what came before it. */
    private static final Map<String, String> BEFORE = Map.of(RULES, "1", TrainingSettings.BATCH_MAX_ADVANCE, "0");

    private ConfigurationText() {}

    /**
     * @param config checked configuration
     * @return setting to value, defaults filled in, by name; without the options of algorithms that were not chosen
     */
    public static Map<String, String> of(MillraceConfig config) {
        AbstractConfig values = config.values();
        LearnerSettings learner = config.learner();
        Map<String, String> text = new TreeMap<>();
        Settings.DEFINITION.configKeys().forEach((name, key) -> {
            if (GROUPS.contains(key.group)
                    && !unchosen(name, TrainingSettings.OPTIMIZER, learner.optimizer())
                    && !unchosen(name, TrainingSettings.SCHEDULE, learner.schedule())) {
                text.put(name, ConfigDef.convertToString(values.values().get(name), key.type));
            }
        });
        text.remove(ModelSettings.MODEL_NAME);
        text.remove(ModelSettings.MODEL_RESET);
        text.put(ModelSettings.MODEL_LOSS, learner.loss());
        text.put(ModelSettings.MODEL_INITIALIZER, learner.initializer());
        text.put(RULES, String.valueOf(learner.rules()));
        return text;
    }

    private static boolean unchosen(String name, String choice, String chosen) {
        return name.startsWith(choice + ".") && !name.startsWith(choice + "." + chosen + ".");
    }

    /**
     * @param text as {@link #of} gave it
     * @return the settings
     * @throws InvalidConfigException when a value makes no sense
     */
    public static LearnerSettings settings(Map<String, String> text) {
        Map<String, String> all = new HashMap<>(ELSEWHERE);
        all.putAll(BEFORE);
        all.putAll(text);
        return LearnerSettings.of(MillraceConfig.values(all), rules(all.remove(RULES)));
    }

    private static int rules(String text) {
        if (text.matches("[1-9][0-9]?") && Integer.parseInt(text) <= LearnerSettings.NEWEST_RULES) {
            return Integer.parseInt(text);
        }
        throw new InvalidConfigException(List.of("It was learned by the rules of revision " + text
                + ", this Millrace knows those up to " + LearnerSettings.NEWEST_RULES
                + ": use the Millrace that learned it, or a newer one."));
    }
}
