package io.millrace.config;

import io.millrace.nn.algorithm.Hyperparameter;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Builds a {@link ConfigDef} group by group, in the order in which the documentation explains the settings. */
final class Definition {
    private final ConfigDef settings = new ConfigDef();
    private String group;
    private int order;

    void group(String name) {
        group = name;
        order = 0;
    }

    void define(
            String name,
            Type type,
            Object defaultValue,
            Validator validator,
            Importance importance,
            String documentation) {
        settings.define(
                name, type, defaultValue, validator, importance, documentation, group, order++, Width.NONE, name);
    }

    /** Defines the setting of an algorithm's hyper-parameter. */
    void hyperparameter(String key, String algorithm, Hyperparameter<?> option) {
        Type type =
                option.type() == Double.class ? Type.DOUBLE : option.type() == Long.class ? Type.LONG : Type.BOOLEAN;
        Validator validator = option.range() == null ? null : Validators.in(option.range());
        String documentation = algorithm + ": " + option.sentence();
        define(key, type, option.defaultValue(), validator, Importance.LOW, documentation);
    }

    ConfigDef settings() {
        return settings;
    }
}
