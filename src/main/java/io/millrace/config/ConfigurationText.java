package io.millrace.config;

import io.millrace.feature.Declaration;
import io.millrace.feature.value.Zone;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings that determine what is learned, as text. A snapshot carries this text. So its learner can be built again without the
 * configuration file, even when defaults have changed since.
 */
public final class ConfigurationText {
    private static final Set<String> GROUPS =
            Set.of(FeatureSettings.GROUP, "Model", "Learning", "Guard", "Preprocessing", "Evaluation");

    /** Values for settings that are required but do not affect a learner. */
    private static final Map<String, String> ELSEWHERE =
            Map.of(Settings.BOOTSTRAP_SERVERS, "localhost:1", Settings.SCHEMA_REGISTRY_URL, "http://localhost:1");

    /** The key of the revision of the learning rules. It is not a setting. */
    private static final String RULES = "rules";

    /** The key of the version of the tz database, where times of a zone are read. It is not a setting, and changes nothing. */
    private static final String TZDATA = "tzdata";

    /** The values that apply when an older text does not contain the key. A new setting or rule needs an entry with the former behaviour. */
    private static final Map<String, String> BEFORE = Map.of(
            RULES, "1", TrainingSettings.BATCH_MAX_ADVANCE, "0", ModelSettings.MODEL_KIND, LearnerKind.NETWORK.id());

    private ConfigurationText() {}

    /**
     * @param config checked configuration
     * @return setting to value, with defaults, sorted by name, without the options of algorithms that are not chosen
     */
    public static Map<String, String> of(MillraceConfig config) {
        AbstractConfig values = config.values();
        LearnerSpec learner = config.learner();
        Map<String, String> text = new TreeMap<>();
        keys(config.settings()).forEach(key -> text.put(key.name, text(values, key)));
        text.keySet().removeAll(config.settings().algorithms().idle(values));
        if (learner.declaration() == null) { // as before there were declared features
            text.keySet().removeAll(FeatureSettings.KEYS);
        } else {
            text.put(FeatureSettings.FEATURES, learner.declaration().features().toString());
            text.remove(ModelSettings.MODEL_INPUTS);
            if (learner.declaration().readsTimeZones()) {
                text.put(TZDATA, Zone.dataVersion());
            }
        }
        if (ShapeSettings.namesLayers(values)) {
            text.keySet().removeAll(ShapeSettings.SHORT_FORM);
        } else { // as before there were layers with a shape
            text.keySet().removeAll(ShapeSettings.KEYS);
        }
        text.remove(ModelSettings.MODEL_NAME);
        text.remove(ModelSettings.MODEL_RESET);
        text.put(ModelSettings.MODEL_LOSS, learner.architecture().loss().name());
        text.put(ModelSettings.MODEL_INITIALIZER, learner.initializer().name());
        if (learner.kind() == LearnerKind.NETWORK) { // as before there were other kinds
            text.remove(ModelSettings.MODEL_KIND);
        } else {
            text.keySet().removeIf(key -> !EnsembleSettings.inText(key));
        }
        text.put(RULES, String.valueOf(learner.rules()));
        return text;
    }

    /** The settings that can determine what is learned. */
    static Stream<ConfigKey> keys(Settings settings) {
        return settings.definition().configKeys().values().stream().filter(key -> GROUPS.contains(key.group));
    }

    private static String text(AbstractConfig values, ConfigKey key) {
        return ConfigDef.convertToString(values.values().get(key.name), key.type);
    }

    /**
     * @param text result of {@link #of}, from this version of Millrace or an older one
     * @return the same settings under their current names, so that texts can be compared and joined
     */
    public static Map<String, String> renamed(Map<String, String> text) {
        return RenamedKeys.renamed(text);
    }

    /**
     * The settings that a later text does not have, although an earlier one did and the later learner does without: with no value, so that the
     * earlier one does not stay in force.
     *
     * @param before settings in force so far
     * @param text result of {@link #of} from then on
     */
    public static Map<String, String> emptied(Map<String, String> before, Map<String, String> text) {
        Map<String, String> emptied = new TreeMap<>();
        for (String key : ShapeSettings.KEYS) {
            if (!text.containsKey(key) && !before.getOrDefault(key, "").isEmpty()) {
                emptied.put(key, "");
            }
        }
        return emptied;
    }

    /** Whether settings that changed while a model went on add features to it. */
    public static boolean addsFeatures(Map<String, String> changed) {
        return changed.containsKey(FeatureSettings.FEATURES);
    }

    /**
     * @param text result of {@link #of}, from this version of Millrace or an older one
     * @return the specification of the learner
     * @throws InvalidConfigException when a value is not valid
     */
    public static LearnerSpec spec(Map<String, String> text) {
        return spec(text, Settings.ALL);
    }

    /**
     * @param text result of {@link #of}, from this version of Millrace or an older one
     * @return how records become examples; null if they are {@code Example}s
     * @throws InvalidConfigException when this version does not know what it says
     */
    public static Declaration declaration(Map<String, String> text) {
        Map<String, String> declared = new HashMap<>(text);
        declared.keySet().retainAll(FeatureSettings.KEYS);
        try {
            return declared.isEmpty() ? null : FeatureSettings.declaration(values(declared, Settings.ALL));
        } catch (ConfigException e) {
            throw new InvalidConfigException(List.of(e.getMessage()));
        }
    }

    /**
     * @param text result of {@link #of}, or the part of it that a configuration changed
     * @return the version of the tz database that gave the offsets of zones; empty if no zone was read, or an older Millrace did not note it
     */
    public static Optional<String> tzdata(Map<String, String> text) {
        return Optional.ofNullable(text.get(TZDATA));
    }

    private static AbstractConfig values(Map<String, String> text, Settings settings) {
        Map<String, String> all = new HashMap<>(ELSEWHERE);
        all.putAll(text);
        return new AbstractConfig(settings.definition(), all, false);
    }

    static LearnerSpec spec(Map<String, String> text, Settings settings) {
        Map<String, String> all = new HashMap<>(BEFORE);
        all.putAll(renamed(text));
        int rules = rules(all.remove(RULES));
        all.remove(TZDATA);
        requireKnown(all.keySet(), settings.definition().names());
        try {
            return LearnerSpecFactory.of(values(all, settings), settings.algorithms(), rules);
        } catch (ConfigException e) {
            throw new InvalidConfigException(List.of(e.getMessage()));
        }
    }

    /** A newer Millrace may have settings of other names: what they say would be left out, and something else be learned. */
    private static void requireKnown(Set<String> names, Set<String> known) {
        List<String> unknown = names.stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .map(name -> "It was learned with the setting " + name
                        + ", which this Millrace does not know: use the Millrace that learned it, or a newer one.")
                .toList();
        if (!unknown.isEmpty()) {
            throw new InvalidConfigException(unknown);
        }
    }

    private static int rules(String text) {
        if (text.matches("[1-9][0-9]?") && Integer.parseInt(text) <= LearnerSpec.NEWEST_RULES) {
            return Integer.parseInt(text);
        }
        throw new InvalidConfigException(List.of("The model was learned by rules of revision " + text
                + ", but this version of Millrace knows revisions up to " + LearnerSpec.NEWEST_RULES
                + ": use the version of Millrace that learned the model, or a newer one."));
    }
}
