package io.millrace.config;

import static io.millrace.config.Validators.fraction;
import static io.millrace.config.Validators.named;
import static io.millrace.config.Validators.notNegative;
import static io.millrace.config.Validators.replicas;
import static io.millrace.config.Validators.servers;
import static io.millrace.config.Validators.topicLike;
import static io.millrace.config.Validators.urls;
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
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Millrace's own settings: name, type, default, range and meaning, each written here and nowhere else. */
final class Settings {
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    static final String REGISTRY_UNAVAILABLE = "registry.unavailable";
    static final String LEARN_FROM = "learn.from";
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

    static final String STANDARDIZE_FEATURES = "standardize.features";
    static final String STANDARDIZE_TARGETS = "standardize.targets";
    static final String STANDARDIZE_RATE = "standardize.rate";

    static final String VALIDATION_REPORT_EXAMPLES = "validation.report.examples";
    static final String VALIDATION_FADING = "validation.fading";

    static final String VALIDATION_HOLDOUT_FRACTION = "validation.holdout.fraction";
    static final String EARLY_STOPPING_PATIENCE = "early.stopping.patience";
    static final String EARLY_STOPPING_MIN_GAIN = "early.stopping.min.gain";

    static final String VALIDATION_CURVATURE_EVERY = "validation.curvature.every";

    static final String SNAPSHOT_HISTORY = "snapshot.history";
    static final String SNAPSHOT_MIN_EXAMPLES = "snapshot.min.examples";
    static final String SNAPSHOT_STATE_MAX_BYTES = "snapshot.state.max.bytes";

    static final Settings ALL = new Settings(Algorithms.ALL);

    private final Algorithms algorithms;
    private final ConfigDef definition;

    /** With these algorithms to choose from. */
    Settings(Algorithms algorithms) {
        this.algorithms = algorithms;
        Definition d = new Definition();
        defineCluster(d);
        defineTopics(d);
        ModelSettings.define(d, algorithms);
        TrainingSettings.define(d, algorithms);
        GuardSettings.define(d);
        definePreprocessing(d);
        defineEvaluation(d);
        defineSnapshots(d);
        definition = d.settings();
    }

    Algorithms algorithms() {
        return algorithms;
    }

    ConfigDef definition() {
        return definition;
    }

    private static void defineCluster(Definition d) {
        d.group("Cluster");
        d.define(
                BOOTSTRAP_SERVERS,
                LIST,
                NO_DEFAULT_VALUE,
                servers(),
                HIGH,
                "Kafka brokers to find the cluster by, host:port.");
        d.define(SCHEMA_REGISTRY_URL, LIST, NO_DEFAULT_VALUE, urls(), HIGH, "Schema registry; several URLs fail over.");
        d.define(
                REGISTRY_UNAVAILABLE,
                STRING,
                "wait",
                ValidString.in("wait", "dead_letter"),
                MEDIUM,
                "What becomes of a record whose schema is not known yet while the registry cannot be asked. wait: it and those behind it"
                        + " wait until the registry is back. dead_letter: it goes to the dead letters after five seconds, and those"
                        + " that come soon after it at once. Records of known schemas need no registry.");
        d.define(
                APPLICATION_ID,
                STRING,
                "millrace",
                topicLike(),
                HIGH,
                "Names this application in the cluster. Training runs as " + ApplicationId.ANY.training()
                        + ", serving as " + ApplicationId.ANY.serving()
                        + ": their consumer groups, transactional ids and internal topics bear these names.");

        d.define(
                LEARN_FROM,
                STRING,
                "checkpoint",
                ValidString.in("checkpoint", "committed"),
                LOW,
                "Where training goes on when the offset of its consumer group is not the one after the last record that it has"
                        + " learned, because somebody has moved it. checkpoint: at the latter, so that nothing is learned twice"
                        + " or left out, and the group's offset is put right; a warning says so. committed: at the group's"
                        + " offset; the snapshots tell of it, and millrace verify follows.");
    }

    private static void defineTopics(Definition d) {
        d.group("Topics");
        d.define(TOPICS_PREFIX, STRING, "millrace.", null, MEDIUM, "Put before each topic name below. May be empty.");
        d.define(TOPICS_EXAMPLES, STRING, "examples", named(), LOW, "Labelled examples (Example), in.");
        d.define(TOPICS_FEATURES, STRING, "features", named(), LOW, "Requests (Features), in.");
        d.define(TOPICS_PREDICTIONS, STRING, "predictions", named(), LOW, "Answers (Prediction), out.");
        d.define(
                TOPICS_VALIDATION_LOSSES,
                STRING,
                "validation-losses",
                named(),
                LOW,
                "Reports of the evaluation (ValidationLoss), out.");
        d.define(
                TOPICS_MODEL_SNAPSHOTS,
                STRING,
                "model-snapshots",
                named(),
                LOW,
                "Versions of the weights (ModelSnapshotKey, ModelSnapshot), out and in, compacted.");
        d.define(
                TOPICS_DEAD_LETTERS,
                STRING,
                "dead-letters",
                named(),
                LOW,
                "Bad records, byte for byte, with cause, topic, partition and offset in headers.");
        d.define(TOPICS_CREATE, BOOLEAN, true, null, MEDIUM, "Whether to create those of the topics that are missing.");
        d.define(
                TOPICS_PARTITIONS,
                INT,
                1,
                Range.atLeast(1),
                MEDIUM,
                "Partitions of created topics. Each partition of examples trains a replica of the model of its own.");
        d.define(
                TOPICS_REPLICATION_FACTOR,
                INT,
                -1,
                replicas(),
                MEDIUM,
                "Replication factor of created topics; -1 leaves it to the brokers.");
    }

    private static void definePreprocessing(Definition d) {
        d.group("Preprocessing");
        d.define(
                STANDARDIZE_FEATURES,
                BOOLEAN,
                true,
                null,
                HIGH,
                "Whether features are scaled by their running mean and variance, which never look ahead. A feature whose variance is"
                        + " not above 1e-12 enters as 0: give features of tiny numbers another unit.");
        d.define(
                STANDARDIZE_TARGETS,
                BOOLEAN,
                true,
                null,
                MEDIUM,
                "regression: whether the network learns targets scaled by the mean and variance of all targets so far."
                        + " Predictions and reports are in the unit of the examples either way.");
        d.define(
                STANDARDIZE_RATE,
                DOUBLE,
                0.001,
                fraction(),
                MEDIUM,
                "Least weight of a new example in the features' running mean and variance. 0: all examples count alike; 0.001: about"
                        + " the last thousand count.");
    }

    private static void defineEvaluation(Definition d) {
        d.group("Evaluation");
        d.define(
                VALIDATION_REPORT_EXAMPLES,
                INT,
                1000,
                Range.atLeast(1),
                MEDIUM,
                "A report is sent with the first mini-batch that brings this many examples since the report before.");
        d.define(
                VALIDATION_FADING,
                DOUBLE,
                0.999,
                fraction(),
                LOW,
                "Faded means: how much less an example counts than the next one.");
        d.define(
                VALIDATION_HOLDOUT_FRACTION,
                DOUBLE,
                0.0,
                fraction(),
                MEDIUM,
                "Share of the examples that is never learned, and evaluated alone with the weights of the moment. A hash of model.seed,"
                        + " partition and offset chooses them, so that a restart chooses the same. 0: all are learned.");
        d.define(
                EARLY_STOPPING_PATIENCE,
                INT,
                0,
                Range.atLeast(0),
                MEDIUM,
                "Early stopping: snapshots, and so predictions, have the best weights by the validation loss of the reports, while the"
                        + " current ones learn on. When this many reports in a row had no gain, the current weights take the place of"
                        + " the best, since a stream that has drifted may never come back to an old loss. The validation loss is that of the"
                        + " examples held out, or the prequential one without a holdout. 0: snapshots have the current weights.");
        d.define(
                EARLY_STOPPING_MIN_GAIN,
                DOUBLE,
                0.0,
                notNegative(),
                LOW,
                "Early stopping: by how much the validation loss of a report must be below the best one to be a gain, in the unit of the"
                        + " loss.");

        d.define(
                VALIDATION_CURVATURE_EVERY,
                INT,
                0,
                Range.atLeast(0),
                LOW,
                "Every so many reports, one carries how the objective bends along its gradient, and the learning rate that gradient descent"
                        + " should have had by it, both of the last mini-batch: 1 for each report, 0 for none. The step of such a report takes"
                        + " about four times as long.");
    }

    private static void defineSnapshots(Definition d) {
        d.group("Snapshots");
        d.define(
                SNAPSHOT_HISTORY,
                INT,
                3,
                Range.between(1, 10_000),
                MEDIUM,
                "Versions of the weights that stay in the snapshots topic; older ones are deleted.");
        d.define(
                SNAPSHOT_MIN_EXAMPLES,
                LONG,
                1L,
                Range.atLeast(1),
                LOW,
                "A commit publishes a snapshot when at least this many examples were learned since the version of the last one.");
        d.define(
                SNAPSHOT_STATE_MAX_BYTES,
                LONG,
                1L << 20,
                Range.atLeast(0),
                LOW,
                "A snapshot also carries the whole state of the learner if that is no larger, so that `millrace verify` can replay from it"
                        + " when retention has deleted the examples before. A state has the weights, the optimizer's moments, and the last good"
                        + " and the best weights, some two to five times the bytes of the weights. 0: no snapshot carries it.");
    }
}
