package io.millrace.config;

import static io.millrace.config.Validators.distinctNames;
import static io.millrace.config.Validators.fraction;
import static io.millrace.config.Validators.named;
import static io.millrace.config.Validators.positive;
import static io.millrace.config.Validators.replicas;
import static io.millrace.config.Validators.servers;
import static io.millrace.config.Validators.topicLike;
import static io.millrace.config.Validators.urls;
import static io.millrace.config.Validators.widths;
import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.NO_DEFAULT_VALUE;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Millrace's own settings: name, type, default, range and meaning, each written here and nowhere else. */
final class Settings {
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    static final String APPLICATION_ID = "application.id";

    static final String TOPICS_PREFIX = "topics.prefix";
    static final String TOPICS_EXAMPLES = "topics.examples";
    static final String TOPICS_FEATURES = "topics.features";
    static final String TOPICS_PREDICTIONS = "topics.predictions";
    static final String TOPICS_VALIDATION_LOSSES = "topics.validation.losses";
    static final String TOPICS_MODEL_SNAPSHOTS = "topics.model.snapshots";
    static final String TOPICS_DEAD_LETTERS = "topics.dead.letters";
    static final String TOPICS_CREATE = "topics.create";
    static final String TOPICS_PARTITIONS = "topics.partitions";
    static final String TOPICS_REPLICATION_FACTOR = "topics.replication.factor";

    static final String MODEL_NAME = "model.name";
    static final String MODEL_TASK = "model.task";
    static final String MODEL_INPUTS = "model.inputs";
    static final String MODEL_CLASSES = "model.classes";
    static final String MODEL_TARGETS = "model.targets";
    static final String MODEL_HIDDEN = "model.hidden";
    static final String MODEL_ACTIVATION = "model.activation";
    static final String MODEL_LOSS = "model.loss";
    static final String MODEL_INITIALIZER = "model.initializer";
    static final String MODEL_SEED = "model.seed";

    static final String OPTIMIZER = "optimizer";
    static final String LEARNING_RATE = "learning.rate";
    /** Followed by the name of an optimizer, a dot and one of its options. */
    static final String OPTIMIZER_OPTIONS = "optimizer.";

    static final String BATCH_SIZE = "batch.size";
    static final String BATCH_WINDOW_MS = "batch.window.ms";

    static final String STANDARDIZE_FEATURES = "standardize.features";
    static final String STANDARDIZE_TARGETS = "standardize.targets";
    static final String STANDARDIZE_RATE = "standardize.rate";

    static final String VALIDATION_REPORT_EXAMPLES = "validation.report.examples";
    static final String VALIDATION_FADING = "validation.fading";

    static final String SNAPSHOT_HISTORY = "snapshot.history";
    static final String SNAPSHOT_MIN_EXAMPLES = "snapshot.min.examples";

    static final String AUTO = "auto";

    static final ConfigDef DEFINITION = new ConfigDef();

    private static final long TEN_YEARS_MS = 315_360_000_000L;

    private static String group;
    private static int order;

    static {
        group("Cluster");
        define(
                BOOTSTRAP_SERVERS,
                LIST,
                NO_DEFAULT_VALUE,
                servers(),
                HIGH,
                "Kafka brokers to find the cluster by, host:port.");
        define(SCHEMA_REGISTRY_URL, LIST, NO_DEFAULT_VALUE, urls(), HIGH, "Schema registry; several URLs fail over.");
        define(
                APPLICATION_ID,
                STRING,
                "millrace",
                topicLike(),
                HIGH,
                "Names this application in the cluster. Training runs as <application.id>-train, serving as"
                        + " <application.id>-serve: their consumer groups, transactional ids and internal topics bear these names.");

        group("Topics");
        define(TOPICS_PREFIX, STRING, "millrace.", null, MEDIUM, "Put before each topic name below. May be empty.");
        define(TOPICS_EXAMPLES, STRING, "examples", named(), LOW, "Labelled examples (Example), in.");
        define(TOPICS_FEATURES, STRING, "features", named(), LOW, "Requests (Features), in.");
        define(TOPICS_PREDICTIONS, STRING, "predictions", named(), LOW, "Answers (Prediction), out.");
        define(
                TOPICS_VALIDATION_LOSSES,
                STRING,
                "validation-losses",
                named(),
                LOW,
                "Reports of the evaluation (ValidationLoss), out.");
        define(
                TOPICS_MODEL_SNAPSHOTS,
                STRING,
                "model-snapshots",
                named(),
                LOW,
                "Versions of the weights (ModelSnapshotKey, ModelSnapshot), out and in, compacted.");
        define(
                TOPICS_DEAD_LETTERS,
                STRING,
                "dead-letters",
                named(),
                LOW,
                "Bad records, byte for byte, with cause, topic, partition and offset in headers.");
        define(TOPICS_CREATE, BOOLEAN, true, null, MEDIUM, "Whether to create those of the topics that are missing.");
        define(
                TOPICS_PARTITIONS,
                INT,
                1,
                Range.atLeast(1),
                MEDIUM,
                "Partitions of created topics. Each partition of examples trains a replica of the model of its own.");
        define(
                TOPICS_REPLICATION_FACTOR,
                INT,
                -1,
                replicas(),
                MEDIUM,
                "Replication factor of created topics; -1 leaves it to the brokers.");

        group("Model");
        define(MODEL_NAME, STRING, "model", named(), HIGH, "Name of the model in snapshots, reports and predictions.");
        define(
                MODEL_TASK,
                STRING,
                "classification",
                ValidString.in("classification", "multilabel", "regression"),
                HIGH,
                "classification: one class out of several. multilabel: any number of labels out of several."
                        + " regression: one or more real targets.");
        define(MODEL_INPUTS, INT, NO_DEFAULT_VALUE, Range.atLeast(1), HIGH, "Number of features of an example.");
        define(
                MODEL_CLASSES,
                LIST,
                "",
                distinctNames(),
                HIGH,
                "Names of the classes (or labels) in the order of their indices. Needed for classification and multilabel.");
        define(MODEL_TARGETS, INT, 1, Range.atLeast(1), MEDIUM, "Number of targets of a regression.");
        define(
                MODEL_HIDDEN,
                LIST,
                "64",
                widths(),
                HIGH,
                "Units of the hidden layers, from the first to the last. Empty: a linear model.");
        define(
                MODEL_ACTIVATION,
                STRING,
                "relu",
                ValidString.in("identity", "relu", "tanh", "sigmoid"),
                MEDIUM,
                "Activation of the hidden layers.");
        define(
                MODEL_LOSS,
                STRING,
                AUTO,
                ValidString.in(AUTO, "softmax_cross_entropy", "sigmoid_cross_entropy", "half_mse"),
                MEDIUM,
                "auto: softmax_cross_entropy for classification, sigmoid_cross_entropy for multilabel, half_mse for"
                        + " regression. sigmoid_cross_entropy also serves a classification of two classes with one output unit.");
        define(
                MODEL_INITIALIZER,
                STRING,
                AUTO,
                ValidString.in(AUTO, "xavier_uniform", "xavier_normal", "he_uniform", "he_normal"),
                LOW,
                "Distribution of the initial weights; biases start at zero. auto: he_uniform for relu, else xavier_uniform.");
        define(
                MODEL_SEED,
                LONG,
                1L,
                null,
                LOW,
                "Seed of the initial weights. The same seed gives the same weights on every machine.");

        group("Learning");
        define(
                OPTIMIZER,
                STRING,
                "rmsprop",
                ValidString.in("sgd", "momentum", "rmsprop", "adam"),
                HIGH,
                "Optimizer that turns the gradient of a mini-batch into a step.");
        define(LEARNING_RATE, DOUBLE, 0.002, positive(), HIGH, "Learning rate: the scale of a step.");
        option("momentum.alpha", DOUBLE, 0.9, fraction(), "share of the last step kept in the next.");
        option("rmsprop.rho", DOUBLE, 0.99, fraction(), "decay of the mean squared gradient.");
        option("rmsprop.delta", DOUBLE, 1e-8, positive(), "keeps the divisor away from zero.");
        option(
                "rmsprop.delta.inside.sqrt",
                BOOLEAN,
                false,
                null,
                "divide by sqrt(r + delta) and not by sqrt(r) + delta.");
        option("adam.rho1", DOUBLE, 0.9, fraction(), "decay of the mean gradient.");
        option("adam.rho2", DOUBLE, 0.999, fraction(), "decay of the mean squared gradient.");
        option("adam.delta", DOUBLE, 1e-8, positive(), "keeps the divisor away from zero.");
        define(
                BATCH_SIZE,
                INT,
                1,
                Range.between(1, 65536),
                HIGH,
                "Examples of a mini-batch; each takes one optimizer step. 1 adapts quickest to a drifting stream, 16 to 64 learn"
                        + " several times as many examples a second.");
        define(
                BATCH_WINDOW_MS,
                LONG,
                60_000L,
                Range.between(1, TEN_YEARS_MS),
                MEDIUM,
                "A mini-batch that is not full closes when a record arrives whose event time is this many ms past its first"
                        + " example. Event time alone counts, so the same stream gives the same batches at any speed.");

        group("Preprocessing");
        define(
                STANDARDIZE_FEATURES,
                BOOLEAN,
                true,
                null,
                HIGH,
                "Whether features are scaled by their running mean and variance, which never look ahead. A feature whose variance is"
                        + " not above 1e-12 enters as 0: give features of tiny numbers another unit.");
        define(
                STANDARDIZE_TARGETS,
                BOOLEAN,
                true,
                null,
                MEDIUM,
                "regression: whether the network learns targets scaled by the mean and variance of all targets so far."
                        + " Predictions and reports are in the unit of the examples either way.");
        define(
                STANDARDIZE_RATE,
                DOUBLE,
                0.001,
                fraction(),
                MEDIUM,
                "Least weight of a new example in the features' running mean and variance. 0: all examples count alike; 0.001: about"
                        + " the last thousand count.");

        group("Evaluation");
        define(
                VALIDATION_REPORT_EXAMPLES,
                INT,
                1000,
                Range.atLeast(1),
                MEDIUM,
                "A report is sent with the first mini-batch that brings this many examples since the report before.");
        define(
                VALIDATION_FADING,
                DOUBLE,
                0.999,
                fraction(),
                LOW,
                "Faded means: how much less an example counts than the next one.");

        group("Snapshots");
        define(
                SNAPSHOT_HISTORY,
                INT,
                3,
                Range.between(1, 10_000),
                MEDIUM,
                "Versions of the weights that stay in the snapshots topic; older ones are deleted.");
        define(
                SNAPSHOT_MIN_EXAMPLES,
                LONG,
                1L,
                Range.atLeast(1),
                LOW,
                "A commit publishes a snapshot when at least this many examples were learned since the last one.");
    }

    private Settings() {}

    private static void group(String name) {
        group = name;
        order = 0;
    }

    private static void define(
            String name,
            Type type,
            Object defaultValue,
            Validator validator,
            Importance importance,
            String documentation) {
        DEFINITION.define(
                name, type, defaultValue, validator, importance, documentation, group, order++, Width.NONE, name);
    }

    private static void option(String name, Type type, Object defaultValue, Validator validator, String documentation) {
        String optimizer = name.substring(0, name.indexOf('.'));
        define(OPTIMIZER_OPTIONS + name, type, defaultValue, validator, LOW, optimizer + ": " + documentation);
    }
}
