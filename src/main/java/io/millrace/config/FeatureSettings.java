package io.millrace.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.millrace.feature.Declaration;
import io.millrace.feature.DeclarationException;
import io.millrace.feature.ValueFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Settings that declare how records of any schema become examples and requests. */
final class FeatureSettings {
    static final String GROUP = "Features";

    static final String FEATURES = "features";
    static final String LABEL = "label";
    static final String WEIGHT = "weight";
    static final String EVENT_TIME = "event.time";
    static final String VALUE_FORMAT = "value.format";

    /** All of them. */
    static final Set<String> KEYS = Set.of(FEATURES, LABEL, WEIGHT, EVENT_TIME, VALUE_FORMAT);

    private FeatureSettings() {}

    static void define(Definition d) {
        d.group(GROUP);
        d.define(
                FEATURES,
                STRING,
                "",
                null,
                HIGH,
                "Fields of the records that enter the model, each with its type, for example amount: log, plan: category,"
                        + " created: time(hour), note?: words. docs/features.md describes them. Empty: the records are Example and"
                        + " Features.");
        d.define(
                LABEL,
                STRING,
                "",
                null,
                HIGH,
                "Field with the label, or several fields for several labels or targets. Required with features. A record without"
                        + " a label is skipped.");
        d.define(WEIGHT, STRING, "", null, MEDIUM, "Field with the weight of an example. Empty: 1.");
        d.define(
                EVENT_TIME,
                STRING,
                "",
                null,
                MEDIUM,
                "Field with the event time of an example, and optionally the zone of times that name none, for example created,"
                        + " Europe/Berlin. Empty: the timestamp of the record.");
        d.define(
                VALUE_FORMAT,
                STRING,
                ValueFormat.AVRO.id(),
                ValidString.in(
                        Arrays.stream(ValueFormat.values()).map(ValueFormat::id).toArray(String[]::new)),
                HIGH,
                "Format of the records whose features are declared, examples and requests. avro: in the schema registry's wire"
                        + " format. json: text in UTF-8.");
    }

    /**
     * The declaration.
     *
     * @return null if there are no declared features
     * @throws InvalidConfigException with all problems
     */
    static Declaration declaration(AbstractConfig values) {
        if (values.getString(FEATURES).isEmpty()) {
            return null;
        }
        try {
            return Declaration.parse(
                    values.getString(VALUE_FORMAT),
                    values.getString(FEATURES),
                    values.getString(LABEL),
                    values.getString(WEIGHT),
                    values.getString(EVENT_TIME));
        } catch (DeclarationException e) {
            throw new InvalidConfigException(e.problems());
        }
    }

    /** Adds a sentence for each setting that contradicts another. */
    static void check(AbstractConfig values, List<String> problems) {
        Integer inputs = values.getInt(ModelSettings.MODEL_INPUTS);
        if (values.getString(FEATURES).isEmpty()) {
            if (inputs == null) {
                problems.add(
                        "Neither features nor model.inputs is set: declare the features of your records, for example"
                                + " features=amount: number, plan: category; or, if the records are Example, set model.inputs to the number"
                                + " of their features.");
            }
            for (String key : List.of(LABEL, WEIGHT, EVENT_TIME)) {
                if (!values.getString(key).isEmpty()) {
                    problems.add(key + " is set, but features is not: declare the features, too, or remove it.");
                }
            }
            return;
        }
        if (values.getString(LABEL).isEmpty()) {
            problems.add("features is set, but label is not: name the field that is to be predicted.");
        }
        try {
            Declaration declaration = declaration(values);
            if (inputs != null) {
                problems.add(superfluous(
                        inputs,
                        ", which make "
                                + declaration.features().layout().inputs().size() + " inputs"));
            }
            checkTargets(values, declaration.labels().size(), problems);
        } catch (InvalidConfigException e) {
            problems.addAll(e.problems());
            if (inputs != null) {
                problems.add(superfluous(inputs, ""));
            }
        }
    }

    private static String superfluous(int inputs, String because) {
        return ModelSettings.MODEL_INPUTS + "=" + inputs + " does not go with features" + because + ". Leave "
                + ModelSettings.MODEL_INPUTS + " out.";
    }

    private static void checkTargets(AbstractConfig values, int labels, List<String> problems) {
        if (labels == 0) {
            return;
        }
        int targets = switch (LearnerSpecFactory.task(values)) {
            case CLASSIFICATION -> 1;
            case MULTILABEL -> values.getList(ModelSettings.MODEL_CLASSES).size();
            case REGRESSION -> values.getInt(ModelSettings.MODEL_TARGETS);
        };
        if (labels != targets && (labels > 1 || targets > 1)) {
            problems.add("label names " + labels + (labels == 1 ? " field" : " fields") + ", but the model has "
                    + targets + (targets == 1 ? " target" : " targets") + ": name one field for each.");
        }
    }
}
