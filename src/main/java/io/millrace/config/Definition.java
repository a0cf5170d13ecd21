package io.millrace.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Builds a {@link ConfigDef} group by group, in the order in which the settings are to be explained. */
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

    /** An option of one algorithm out of several: the choice's key, the algorithm's name, the option. */
    void option(String choice, String name, Type type, Object defaultValue, Validator validator, String documentation) {
        String algorithm = name.substring(0, name.indexOf('.'));
        String said = algorithm + ": " + documentation;
        define(choice + "." + name, type, defaultValue, validator, Importance.LOW, said);
    }

    ConfigDef settings() {
        return settings;
    }
}
