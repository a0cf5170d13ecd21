package io.millrace.config;

import io.millrace.learner.spec.LearnerSpec;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;

/**
 * A checked configuration: Millrace's own settings, typed, and the settings of Kafka, which pass through. Immutable. An instance has no
 * contradictions. docs/configuration.md explains every setting.
 */
public final class MillraceConfig {
    /** Unless the configuration says more: the threads of a step wait for each other. */
    private static final int MOST_STEP_THREADS = 8;

    private final Settings settings;
    private final AbstractConfig values;
    private final LearnerSpec learner;
    private final Map<String, String> kafka;
    private final List<String> warnings;
    private final List<String> notes;
    private final LearnScope scope;
    private final Topics topics;

    private MillraceConfig(
            Settings settings,
            AbstractConfig values,
            LearnerSpec learner,
            Map<String, String> kafka,
            List<String> warnings,
            List<String> notes,
            LearnScope scope,
            boolean learnsFromLog) {
        this.settings = settings;
        this.values = values;
        this.learner = learner;
        this.kafka = Collections.unmodifiableMap(kafka);
        this.warnings = List.copyOf(warnings);
        this.notes = notes;
        this.scope = scope;
        topics = topics(learnsFromLog);
    }

    /**
     * Checks settings.
     *
     * @param settings key to value, of Millrace and of Kafka
     * @return the configuration
     * @throws InvalidConfigException when a key is unknown, a value is out of range, or values contradict each other; it
     *     contains all problems
     */
    public static MillraceConfig of(Map<String, String> settings) {
        return of(settings, Settings.ALL);
    }

    static MillraceConfig of(Map<String, String> given, Settings settings) {
        Map<String, String> resolved = ConfigVariables.resolved(given);
        List<String> warnings = RenamedKeys.warnings(resolved);
        List<String> problems = new ArrayList<>(RenamedKeys.problems(resolved));
        Set<String> known = settings.definition().names();
        Map<String, String> own = new LinkedHashMap<>();
        Map<String, String> kafka = new LinkedHashMap<>();
        RenamedKeys.renamed(resolved).forEach((key, value) -> {
            if (known.contains(key)) {
                own.put(key, trimmed(value));
            } else if (KafkaKeys.hasRole(key) && known.contains(RenamedKeys.name(KafkaKeys.withoutRole(key)))) {
                problems.add(key + " has no effect: " + KafkaKeys.withoutRole(key)
                        + " is a setting of Millrace and applies to both roles. Remove the prefix; if you mean Kafka's setting,"
                        + " put consumer. or producer. before the name.");
            } else if (KafkaKeys.known(key)) {
                kafka.put(key, trimmed(value));
            } else {
                problems.add(KeySuggestions.unknownKey(key, known));
            }
        });
        settings.definition()
                .validateAll(own)
                .values()
                .forEach(value -> KafkaKeys.problem(value).ifPresent(problems::add));
        problems.addAll(KafkaKeys.problems(kafka));
        problems.addAll(ConfigVariables.unresolved(given, resolved));
        ShapeSettings.countInputs(own, problems);
        List<String> notes = UnnamedKind.resolve(own, settings).stream().toList();
        if (problems.isEmpty()) {
            AbstractConfig values = new AbstractConfig(settings.definition(), own, false);
            LearnerSpec learner = learner(values, settings, problems);
            LearnScope scope =
                    LearnScope.valueOf(values.getString(Settings.LEARN_SCOPE).toUpperCase(Locale.ROOT));
            MillraceConfig config = new MillraceConfig(settings, values, learner, kafka, warnings, notes, scope, false);
            problems.addAll(ConfigValidation.problems(config));
            if (problems.isEmpty()) {
                return config;
            }
        }
        problems.addAll(warnings); // a problem names a setting by its new name, so the reader needs the old one too
        throw new InvalidConfigException(problems);
    }

    /** Without spaces of any kind, and without the control characters that Kafka leaves out, too. */
    private static String trimmed(String value) {
        return value.strip().trim();
    }

    /** @return the learner's specification, or null if the values contradict each other, which adds problems */
    private static LearnerSpec learner(AbstractConfig values, Settings settings, List<String> problems) {
        List<String> contradictions = LearnerValidation.problems(values, settings);
        problems.addAll(contradictions);
        if (!contradictions.isEmpty()) {
            return null;
        }
        try {
            return LearnerSpecFactory.of(values, settings.algorithms(), LearnerSpec.NEWEST_RULES);
        } catch (InvalidConfigException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    /**
     * Reads a properties file and checks it.
     *
     * @param file properties in UTF-8
     * @param overrides settings that override those of the file
     * @return the configuration
     * @throws InvalidConfigException when the file cannot be read, or for the reasons of {@link #of}
     */
    public static MillraceConfig load(Path file, Map<String, String> overrides) {
        return of(read(file, overrides));
    }

    /**
     * Reads a properties file without checking it.
     *
     * @param file properties in UTF-8
     * @param overrides settings that win over the file's
     * @return key to value
     * @throws InvalidConfigException when the file cannot be read
     */
    public static Map<String, String> read(Path file, Map<String, String> overrides) {
        return RenamedKeys.overridden(read(file), overrides);
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new InvalidConfigException(List.of("There is no configuration file " + file + "."));
        } catch (CharacterCodingException e) {
            throw new InvalidConfigException(List.of("The configuration file " + file + " is not in UTF-8."));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidConfigException(
                    List.of("The configuration file " + file + " cannot be read: " + e.getMessage() + "."));
        }
        Map<String, String> settings = new LinkedHashMap<>();
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }

    private Topics topics(boolean learnsFromLog) {
        String prefix = text(Settings.TOPICS_PREFIX);
        String examples = prefix + text(Settings.TOPICS_EXAMPLES);
        String learningLog = prefix + text(Settings.TOPICS_LEARNING_LOG);
        return new Topics(
                examples,
                prefix + text(Settings.TOPICS_FEATURES),
                prefix + text(Settings.TOPICS_PREDICTIONS),
                prefix + text(Settings.TOPICS_VALIDATION_LOSSES),
                prefix + text(Settings.TOPICS_MODEL_SNAPSHOTS),
                prefix + text(Settings.TOPICS_DEAD_LETTERS),
                learningLog,
                learnsFromLog ? learningLog : examples);
    }

    /** @return names of the topics, prefix included */
    public Topics topics() {
        return topics;
    }

    /** @return how long a created learning log keeps a record, ms; -1 for ever */
    public long learningLogRetentionMs() {
        return values.getLong(Settings.TOPICS_LEARNING_LOG_RETENTION);
    }

    /** @return what a model learns from if the examples have several partitions */
    public LearnScope learnScope() {
        return scope;
    }

    /** @return whether the configuration sets the scope, instead of leaving it to the default */
    public boolean namesLearnScope() {
        return values.originals().containsKey(Settings.LEARN_SCOPE);
    }

    /** @return the same configuration with each partition training its own replica, as the state of an application demands */
    public MillraceConfig learningByPartition() {
        return new MillraceConfig(settings, values, learner, kafka, warnings, notes, LearnScope.PARTITION, false);
    }

    /** @return the same configuration with training reading the learning log */
    public MillraceConfig learningFromLog() {
        return new MillraceConfig(settings, values, learner, kafka, warnings, notes, LearnScope.STREAM, true);
    }

    /** @return whether to create missing topics */
    public boolean createsTopics() {
        return values.getBoolean(Settings.TOPICS_CREATE);
    }

    /** @return partitions of created topics */
    public int topicPartitions() {
        return values.getInt(Settings.TOPICS_PARTITIONS);
    }

    /** @return replication factor of created topics, -1 for the brokers' default */
    public short topicReplicationFactor() {
        return values.getInt(Settings.TOPICS_REPLICATION_FACTOR).shortValue();
    }

    /** @return name of the model */
    public String modelName() {
        return text(ModelSettings.MODEL_NAME);
    }

    /** @return whether to delete an existing model that does not fit the configuration */
    public boolean resetsModel() {
        return values.getBoolean(ModelSettings.MODEL_RESET);
    }

    /** @return the specification of the learner */
    public LearnerSpec learner() {
        return learner;
    }

    /** @return one sentence for each setting that is given by its old name */
    public List<String> warnings() {
        return warnings;
    }

    /** @return what somebody who starts to train should know: a sentence if the kind of the model follows from another setting */
    public List<String> notes() {
        return notes;
    }

    /** @return number of versions to keep in the snapshots topic, at least 1 */
    public int snapshotHistory() {
        return values.getInt(Settings.SNAPSHOT_HISTORY);
    }

    /** @return minimum number of examples between two snapshots, at least 1 */
    public long snapshotMinExamples() {
        return values.getLong(Settings.SNAPSHOT_MIN_EXAMPLES);
    }

    /** @return size of the largest learner state that a snapshot carries, in bytes; 0: snapshots carry no state */
    public long snapshotStateMaxBytes() {
        return values.getLong(Settings.SNAPSHOT_STATE_MAX_BYTES);
    }

    /** @return names of this application in the cluster */
    public ApplicationId applicationId() {
        return new ApplicationId(text(Settings.APPLICATION_ID));
    }

    /** @return brokers, host:port, separated by commas */
    public String bootstrapServers() {
        return String.join(",", values.getList(Settings.BOOTSTRAP_SERVERS));
    }

    /** @return URLs of the schema registry, separated by commas, without the user and password that they may contain */
    public String schemaRegistryUrl() {
        return RegistryUser.without(values.getList(Settings.SCHEMA_REGISTRY_URL));
    }

    /** @return whether a record of unknown schema goes to the dead letters while the registry does not answer; otherwise it waits */
    public boolean deadLettersWithoutRegistry() {
        return text(Settings.REGISTRY_UNAVAILABLE).equals("dead_letter");
    }

    /** @return whether the configuration sets the topic of the examples */
    public boolean namesExamples() {
        return values.originals().containsKey(Settings.TOPICS_EXAMPLES);
    }

    /** @return whether training continues at its group's committed offset even if this is not the offset after the last learned record */
    public boolean learnsFromCommitted() {
        return text(Settings.LEARN_FROM).equals("committed");
    }

    /** @return whether a learner has a thread of its own */
    public boolean learnsInThread() {
        return text(Settings.LEARNER_THREAD).equals("auto")
                && Runtime.getRuntime().availableProcessors() > 1;
    }

    /** @return how many threads compute a large step */
    public int stepThreads() {
        String threads = text(Settings.LEARNER_STEP_THREADS);
        return threads.equals("auto")
                ? Math.min(MOST_STEP_THREADS, Runtime.getRuntime().availableProcessors())
                : Integer.parseInt(threads);
    }

    /** @return where to listen for HTTP; empty: nowhere */
    public Optional<HttpSettings> http() {
        return HttpSettings.of(values);
    }

    /** @return settings of the registry's client; it can inherit Kafka's SASL settings, so they are included */
    public Map<String, String> registry() {
        Map<String, String> registry = KafkaKeys.common(kafka);
        registry.putAll(RegistryUser.of(values.getList(Settings.SCHEMA_REGISTRY_URL)));
        registry.put(Settings.SCHEMA_REGISTRY_URL, schemaRegistryUrl());
        return registry;
    }

    /** @return settings of a plain Kafka client: those without a prefix, which apply to admin clients, producers and consumers */
    public Map<String, Object> client() {
        return client(KafkaKeys.common(kafka));
    }

    /** @return the settings of {@link #client}, overridden by those under {@code train.} */
    public Map<String, Object> trainingClient() {
        return client(KafkaKeys.forRole(kafka, KafkaKeys.TRAIN_PREFIX));
    }

    /** @return the settings of {@link #client}, overridden by those under {@code serve.} */
    public Map<String, Object> servingClient() {
        return client(KafkaKeys.forRole(kafka, KafkaKeys.SERVE_PREFIX));
    }

    private Map<String, Object> client(Map<String, String> settings) {
        Map<String, Object> client = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (KafkaKeys.isClientKey(key)) {
                client.put(key, value);
            }
        });
        client.put(Settings.BOOTSTRAP_SERVERS, bootstrapServers());
        return client;
    }

    /** @return the settings of Kafka under their own names, as given, with their role prefixes */
    Map<String, String> kafka() {
        return kafka;
    }

    AbstractConfig values() {
        return values;
    }

    Settings settings() {
        return settings;
    }

    private String text(String key) {
        return values.getString(key);
    }
}
