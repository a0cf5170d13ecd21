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

/** Millrace's own settings. This package is the only place that defines a name, type, default, range and meaning. */
final class Settings {
    static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    static final String SCHEMA_REGISTRY_URL = "schema.registry.url";
    static final String REGISTRY_UNAVAILABLE = "registry.unavailable";
    static final String LEARN_FROM = "learn.from";
    static final String LEARN_SCOPE = "learn.scope";
    static final String LEARNER_THREAD = "learner.thread";
    static final String LEARNER_STEP_THREADS = "learner.step.threads";
    static final String APPLICATION_ID = "application.id";

    static final String TOPICS_PREFIX = "topics.prefix";
    static final String TOPICS_EXAMPLES = "topics.examples";
    static final String TOPICS_FEATURES = "topics.features";
    static final String TOPICS_PREDICTIONS = "topics.predictions";
    static final String TOPICS_VALIDATION_LOSSES = "topics.validation.losses";
    static final String TOPICS_MODEL_SNAPSHOTS = "topics.model.snapshots";
    static final String TOPICS_DEAD_LETTERS = "topics.dead.letters";
    static final String TOPICS_LEARNING_LOG = "topics.learning.log";
    static final String TOPICS_LEARNING_LOG_RETENTION = "topics.learning.log.retention.ms";
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

    /** The settings, with these algorithms to choose from. */
    Settings(Algorithms algorithms) {
        this.algorithms = algorithms;
        Definition d = new Definition();
        defineCluster(d);
        defineTopics(d);
        FeatureSettings.define(d);
        ModelSettings.define(d, algorithms);
        TrainingSettings.define(d, algorithms);
        GuardSettings.define(d);
        definePreprocessing(d);
        defineEvaluation(d);
        defineSnapshots(d);
        HttpSettings.define(d);
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
                "Kafka brokers for the first connection to the cluster, host:port.");
        d.define(
                SCHEMA_REGISTRY_URL,
                LIST,
                NO_DEFAULT_VALUE,
                urls(),
                HIGH,
                "URLs of the schema registry. If one fails, the next is used.");
        d.define(
                REGISTRY_UNAVAILABLE,
                STRING,
                "wait",
                ValidString.in("wait", "dead_letter"),
                MEDIUM,
                "What to do with a record of an unknown schema while the registry does not answer. wait: this record and the records"
                        + " behind it wait until the registry answers. dead_letter: the record goes to the dead letters after five seconds;"
                        + " more such records soon after it go there at once. Records of known schemas do not need the registry.");
        d.define(
                APPLICATION_ID,
                STRING,
                "millrace",
                topicLike(),
                HIGH,
                "Name of this application in the cluster. Training runs as " + ApplicationId.ANY.training()
                        + ", serving as " + ApplicationId.ANY.serving()
                        + ": the names of consumer groups, transactional ids and internal topics begin with these ids.");

        d.define(
                LEARN_FROM,
                STRING,
                "checkpoint",
                ValidString.in("checkpoint", "committed"),
                LOW,
                "Where training continues when somebody has moved the offset of its consumer group, so that it is not the offset after"
                        + " the last learned record. checkpoint: after the last learned record, so that no record is learned twice or"
                        + " left out; training corrects the group's offset and logs a warning. committed: at the group's offset; the"
                        + " snapshots record this, and millrace verify follows it.");
        d.define(
                LEARNER_THREAD,
                STRING,
                "auto",
                ValidString.in("auto", "false"),
                LOW,
                "Whether each learner has a thread of its own, beside the stream thread that reads its records. auto: it has one where there"
                        + " is a second processor. false: the stream thread learns, too. The result is the same, bit for bit.");
        d.define(
                LEARNER_STEP_THREADS,
                STRING,
                "1",
                Validators.threads(),
                LOW,
                "How many threads compute the products of a step of a large network; small ones, and an ensemble, use one. auto: one for each"
                        + " processor, at most 8. Measure before you raise it: it pays from mini-batches of about 64 on, and not on every"
                        + " machine. The result is the same, bit for bit. All learners of a process share the threads.");
        d.define(
                LEARN_SCOPE,
                STRING,
                "stream",
                ValidString.in("stream", "partition"),
                MEDIUM,
                "What a model learns from if the examples have several partitions. stream: one model learns from all of them. Training"
                        + " copies the records into the learning log, merged by their timestamps, and learns in the order of this log."
                        + " partition: each partition trains its own replica of the model, and serving answers with their mean. An"
                        + " application that already has replicas continues with them until you set stream and model.reset=true. With one"
                        + " partition, there is no difference and no log.");
    }

    private static void defineTopics(Definition d) {
        d.group("Topics");
        d.define(TOPICS_PREFIX, STRING, "millrace.", null, MEDIUM, "Prefix of each topic name below. May be empty.");
        d.define(TOPICS_EXAMPLES, STRING, "examples", named(), LOW, "Input: labelled examples (Example).");
        d.define(TOPICS_FEATURES, STRING, "features", named(), LOW, "Input: requests (Features).");
        d.define(TOPICS_PREDICTIONS, STRING, "predictions", named(), LOW, "Output: predictions (Prediction).");
        d.define(
                TOPICS_VALIDATION_LOSSES,
                STRING,
                "validation-losses",
                named(),
                LOW,
                "Output: reports of the evaluation (ValidationLoss).");
        d.define(
                TOPICS_MODEL_SNAPSHOTS,
                STRING,
                "model-snapshots",
                named(),
                LOW,
                "Output of training and input of serving, compacted: versions of the weights (ModelSnapshotKey, ModelSnapshot).");
        d.define(
                TOPICS_DEAD_LETTERS,
                STRING,
                "dead-letters",
                named(),
                LOW,
                "Output: bad records, byte for byte, with cause, topic, partition and offset in headers.");
        d.define(
                TOPICS_LEARNING_LOG,
                STRING,
                "learning-log",
                named(),
                LOW,
                "The records of all partitions of the examples in the order in which they are learned, byte for byte, each with a header"
                        + " that names its source. It has one partition, and exists only if the examples have several; see learn.scope.");
        d.define(
                TOPICS_LEARNING_LOG_RETENTION,
                LONG,
                604_800_000L,
                Range.atLeast(-1),
                LOW,
                "How long a created learning log keeps a record after it was copied, in ms. -1: for ever. It must be longer than training"
                        + " ever pauses; millrace verify replays what is left.");
        d.define(TOPICS_CREATE, BOOLEAN, true, null, MEDIUM, "Whether to create missing topics.");
        d.define(
                TOPICS_PARTITIONS,
                INT,
                1,
                Range.atLeast(1),
                MEDIUM,
                "Partitions of created topics. The topics of weights, reports and the learning log always have one.");
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
                "Whether features are standardised by their running mean and variance, which never look ahead. A feature whose"
                        + " variance is 1e-12 or less enters as 0, so give features with tiny values another unit.");
        d.define(
                STANDARDIZE_TARGETS,
                BOOLEAN,
                true,
                null,
                MEDIUM,
                "regression: whether the network learns targets standardised by the mean and variance of all targets so far."
                        + " Predictions and reports have the unit of the examples in both cases.");
        d.define(
                STANDARDIZE_RATE,
                DOUBLE,
                0.001,
                fraction(),
                MEDIUM,
                "Minimum weight of a new example in the features' running mean and variance. 0: all examples have the same weight."
                        + " 0.001: about the last thousand examples count.");
    }

    private static void defineEvaluation(Definition d) {
        d.group("Evaluation");
        d.define(
                VALIDATION_REPORT_EXAMPLES,
                INT,
                1000,
                Range.atLeast(1),
                MEDIUM,
                "The learner sends a report with the first mini-batch that makes at least this many examples since the last report."
                        + " More than 1,000,000,000 count as that many.");
        d.define(
                VALIDATION_FADING,
                DOUBLE,
                0.999,
                fraction(),
                LOW,
                "Factor of the faded means: the weight of an example relative to the next one.");
        d.define(
                VALIDATION_HOLDOUT_FRACTION,
                DOUBLE,
                0.0,
                fraction(),
                MEDIUM,
                "Fraction of the examples that is held out: never learned, only evaluated with the current weights. A hash of model.seed,"
                        + " partition and offset chooses them, so a restart chooses the same examples. 0: all examples are learned.");
        d.define(
                EARLY_STOPPING_PATIENCE,
                INT,
                0,
                Range.atLeast(0),
                MEDIUM,
                "Early stopping: snapshots, and so predictions, use the weights with the best validation loss in the reports, while the"
                        + " current weights keep learning. After this many reports in a row without improvement, the current weights replace"
                        + " the best ones, because the loss may never be that low again after the stream has drifted. The validation loss is"
                        + " the loss of the held-out examples, or the prequential loss without a holdout. 0: snapshots use the current"
                        + " weights.");
        d.define(
                EARLY_STOPPING_MIN_GAIN,
                DOUBLE,
                0.0,
                notNegative(),
                LOW,
                "Early stopping: how far the validation loss of a report must be below the best one to be an improvement, in the unit of the"
                        + " loss.");

        d.define(
                VALIDATION_CURVATURE_EVERY,
                INT,
                0,
                Range.atLeast(0),
                LOW,
                "One in this many reports contains the curvature of the objective along its gradient and the learning rate that it"
                        + " suggests for gradient descent, both for the last mini-batch. 1: every report. 0: no report. The step of such a"
                        + " report takes about four times as long.");
    }

    private static void defineSnapshots(Definition d) {
        d.group("Snapshots");
        d.define(
                SNAPSHOT_HISTORY,
                INT,
                3,
                Range.between(1, 10_000),
                MEDIUM,
                "Number of versions of the weights to keep in the snapshots topic. Older versions are deleted.");
        d.define(
                SNAPSHOT_MIN_EXAMPLES,
                LONG,
                1L,
                Range.atLeast(1),
                LOW,
                "A commit publishes a snapshot if at least this many examples were learned since the last published version.");
        d.define(
                SNAPSHOT_STATE_MAX_BYTES,
                LONG,
                1L << 20,
                Range.atLeast(0),
                LOW,
                "A snapshot also carries the whole state of the learner if the state is not larger than this. Then `millrace verify` can"
                        + " replay from the snapshot when retention has deleted the examples before it. The state consists of the weights,"
                        + " the optimizer's moments, the last good weights and the best weights: about two to five times the size of the"
                        + " weights. 0: no snapshot carries the state.");
    }
}
