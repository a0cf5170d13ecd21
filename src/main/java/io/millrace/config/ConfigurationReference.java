package io.millrace.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;

/** Generates the text of docs/configuration.md from the definition of the settings. */
public final class ConfigurationReference {
    private static final String HEAD = """
            # Configuration

            Generated from the definition of the settings; do not edit. A configuration is a properties file, see
            [topology/millrace.properties](../topology/millrace.properties); `--set key=value` overrides a line of it. A wrong
            configuration is refused before anything starts, with all that is wrong at once.

            Settings of Kafka Streams and of its clients pass through under Kafka's own names: without a prefix where the name
            is not one of Millrace's (`num.stream.threads`, `security.protocol`, `sasl.jaas.config`), with `consumer.`,
            `main.consumer.`, `global.consumer.`, `restore.consumer.`, `producer.` or `admin.` for one kind of client, with
            `topic.` for internal topics. The registry's client takes `schema.registry.*`, `basic.auth.*` and `bearer.auth.*`,
            the same for both roles. `train.` or `serve.` before a setting of Kafka gives it to one role alone, as in
            `train.commit.interval.ms=500`. `batch.size` is Millrace's; Kafka's is `producer.batch.size`. Kafka's config
            providers (`config.providers`) fill `${provider:path:key}` in any value.
            """;

    private ConfigurationReference() {}

    /** @return Markdown, one table for each group of settings */
    public static String markdown() {
        return markdown(Settings.ALL);
    }

    static String markdown(Settings settings) {
        StringBuilder text = new StringBuilder(HEAD);
        ConfigDef definition = settings.definition();
        for (String group : definition.groups()) {
            text.append("\n## ")
                    .append(group)
                    .append("\n\n| setting | type | default | values | meaning |\n| --- | --- | --- | --- | --- |\n");
            List<ConfigDef.ConfigKey> keys = definition.configKeys().values().stream()
                    .filter(key -> key.group.equals(group))
                    .sorted(Comparator.comparingInt(key -> key.orderInGroup))
                    .toList();
            for (ConfigDef.ConfigKey key : keys) {
                text.append("| `").append(key.name).append("` | ");
                text.append(key.type.toString().toLowerCase(Locale.ROOT)).append(" | ");
                text.append(defaultOf(key)).append(" | ");
                text.append(key.validator == null ? "" : key.validator).append(" | ");
                text.append(key.documentation.replace("<", "&lt;")).append(" |\n");
            }
        }
        text.append(
                "\n## Old names\n\nMillrace still reads these names, with a warning.\n\n| old name | setting |\n| --- | --- |\n");
        RenamedKeys.names().forEach((old, now) -> text.append("| `" + old + "` | `" + now + "` |\n"));
        return text.toString();
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        String value = ConfigDef.convertToString(key.defaultValue, key.type);
        return value == null ? "none" : value.isEmpty() ? "empty" : "`" + value + "`";
    }
}
