package io.millrace.config;

import static io.millrace.config.ModelSettings.MODEL_CLASSES;
import static io.millrace.config.ModelSettings.MODEL_HIDDEN;
import static io.millrace.config.ModelSettings.MODEL_LAYERS;

import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.penalty.L2;
import io.millrace.nn.penalty.Penalty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.streams.StreamsConfig;

/** Finds settings whose values are valid alone but contradict each other. */
final class ConfigValidation {
    /** A limit below the largest Java array, which leaves room for chunks, moments and padding. */
    private static final long MAX_PARAMETERS = 100_000_000;

    /** Kafka's default for the largest request of a producer, which limits the size of a record. */
    private static final long RECORD_BYTES = 1 << 20;

    /** The most bytes that weights take in the first chunk of a snapshot. */
    private static final long CHUNK_BYTES = 1 << 19;

    /** Each of these handlers can make Kafka Streams continue after an error, and then an example is lost. */
    private static final List<String> HANDLERS = List.of(
            "processing.exception.handler",
            "production.exception.handler",
            "default.production.exception.handler",
            "deserialization.exception.handler",
            "default.deserialization.exception.handler");

    private final MillraceConfig config;
    private final List<String> problems = new ArrayList<>();

    private ConfigValidation(MillraceConfig config) {
        this.config = config;
    }

    /**
     * @param config a configuration; it has no learner if the learner's values contradict each other, which {@link LearnerValidation}
     *     reports
     * @return one sentence for each contradiction
     */
    static List<String> problems(MillraceConfig config) {
        ConfigValidation validation = new ConfigValidation(config);
        if (config.learner() != null) {
            validation.checkSize(config.learner());
            if (validation.problems.isEmpty()) {
                validation.checkFirstChunk(config.learner());
            }
            validation.checkDecay(config.learner().optimization());
            validation.checkTransactions(config.learner());
        }
        validation.checkTopics();
        validation.checkKafka();
        HttpSettings.check(config.values(), validation.problems);
        validation.problems.addAll(
                SecuritySettings.problems(config.kafka(), config.values().getList(Settings.SCHEMA_REGISTRY_URL)));
        return validation.problems;
    }

    /** The first chunk of a snapshot must fit into a record. It holds the class names twice, together with statistics and weights. */
    private void checkFirstChunk(LearnerSpec learner) {
        long names = learner.classes().stream()
                .mapToLong(name -> name.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        boolean ensemble = learner.kind() == LearnerKind.ENSEMBLE;
        long parameters = ensemble
                ? EnsembleSize.of(learner).snapshot()
                : NetworkSize.of(learner.architecture()).parameters();
        long weights = Math.min(CHUNK_BYTES, Float.BYTES * parameters);
        int inputs = learner.architecture().inputs();
        int targets = learner.standardizeTargets() ? learner.targetWidth() : 0;
        long numbers = ensemble
                ? (learner.declaration() == null ? 4L : 5L) * inputs
                        + learner.classes().size()
                : learner.standardizeFeatures() ? 2L * inputs : 0;
        long statistics = (numbers + 2L * targets) * Double.BYTES;
        Map<String, String> train = KafkaKeys.forRole(config.kafka(), KafkaKeys.TRAIN_PREFIX);
        long unprefixed = number(train, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES);
        long most = number(train, StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), unprefixed);
        long bytes = 2 * names + weights + statistics;
        if (bytes <= most) {
            return;
        }
        if (2 * names < statistics) {
            problems.add("A snapshot of " + inputs + " features and "
                    + learner.architecture().outputs()
                    + " outputs begins with a record of more than " + bytes
                    + " bytes, with their means and variances, and " + ProducerConfig.MAX_REQUEST_SIZE_CONFIG + " is "
                    + most + ". Use fewer features or targets.");
        } else if (names > 0) {
            problems.add(String.format(
                    Locale.ROOT,
                    "The names of the %d classes in %s take %.1f MB, which is more than a record can hold: check that"
                            + " --label names the right column, or shorten the names.",
                    learner.classes().size(),
                    MODEL_CLASSES,
                    names / 1e6));
        }
    }

    /** If the product is 2 or more, a step moves a weight past zero to an equal or larger magnitude. */
    private void checkDecay(Optimization optimization) {
        for (Penalty penalty : optimization.penalties()) {
            if (penalty instanceof L2 l2) {
                refuseGrowth(TrainingSettings.L2 + "=" + l2.coefficient(), l2.coefficient());
            }
        }
        Optimizer optimizer = optimization.optimizer();
        refuseGrowth(
                "The weight decay of " + TrainingSettings.OPTIMIZER + "=" + optimizer.name() + ", "
                        + optimizer.weightDecay() + ",",
                optimizer.weightDecay());
    }

    private void refuseGrowth(String what, double decay) {
        double rate = config.values().getDouble(TrainingSettings.LEARNING_RATE);
        if (decay * rate >= 2) {
            problems.add(
                    what + " times " + TrainingSettings.LEARNING_RATE + "=" + rate
                            + " is 2 or more, so that weights would grow from step to step instead of decaying: lower one of them.");
        }
    }

    private void checkSize(LearnerSpec learner) {
        if (learner.kind() == LearnerKind.ENSEMBLE) {
            checkSize(EnsembleSize.of(learner));
            EnsembleSettings.checkDeclared(learner, problems);
            return;
        }
        NetworkSize size = NetworkSize.of(learner.architecture());
        long parameters = size.parameters();
        long widest = size.widest();
        long block = learner.batchSize() * widest;
        long steps = learner.batchSize() * size.kept();
        if (parameters > MAX_PARAMETERS) {
            problems.add("The network would have " + parameters + " parameters; at most " + MAX_PARAMETERS
                    + " are allowed. Use fewer or smaller layers in " + MODEL_HIDDEN + " or " + MODEL_LAYERS
                    + ", or fewer inputs or outputs.");
        } else if (block > MAX_PARAMETERS) {
            problems.add("A mini-batch of " + learner.batchSize() + " examples would hold " + block
                    + " numbers in the widest layer, which has " + widest + "; at most " + MAX_PARAMETERS
                    + " are allowed. Lower " + TrainingSettings.BATCH_SIZE + ".");
        } else if (steps > Integer.MAX_VALUE) {
            problems.add("A mini-batch of " + learner.batchSize() + " examples would hold "
                    + steps
                    + " numbers in the steps of a recurrent layer, more than an array can. Lower "
                    + TrainingSettings.BATCH_SIZE + ".");
        }
    }

    private void checkSize(EnsembleSize size) {
        if (size.checkpoint() > MAX_PARAMETERS) {
            problems.add("The ensemble would have " + size.snapshot() + " parameters, and keep " + size.recent()
                    + " numbers of recent examples: " + size.checkpoint() + " numbers in a checkpoint, and at most "
                    + MAX_PARAMETERS + " are allowed. Use fewer features, classes or targets.");
        }
    }

    private void checkTopics() {
        List<String> names = new ArrayList<>(config.topics().all());
        names.add(config.topics().learningLog());
        if (new HashSet<>(names).size() < names.size()) {
            problems.add("Two topics have the same name: " + names + ". Give each of the topics.* settings its own.");
        }
        for (String name : names) {
            try {
                Topic.validate(name);
            } catch (InvalidTopicException e) {
                problems.add("The topic name \"" + name + "\" is not possible: " + e.getMessage() + ".");
            }
        }
    }

    private void checkKafka() {
        Map<String, String> train = KafkaKeys.forRole(config.kafka(), KafkaKeys.TRAIN_PREFIX);
        String guarantee = train.getOrDefault(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        if (!guarantee.equals(StreamsConfig.EXACTLY_ONCE_V2)) {
            problems.add(StreamsConfig.PROCESSING_GUARANTEE_CONFIG + "=" + guarantee
                    + " is not possible: training is exactly_once_v2 always. For serving alone, set "
                    + KafkaKeys.SERVE_PREFIX + StreamsConfig.PROCESSING_GUARANTEE_CONFIG + ".");
        }
        for (String handler : HANDLERS) {
            if (train.containsKey(handler)) {
                problems.add(handler + " is not possible for training: what it skips would be committed as learned. For"
                        + " serving alone, set " + KafkaKeys.SERVE_PREFIX + handler + ".");
            }
        }
    }

    private void checkTransactions(LearnerSpec learner) {
        Map<String, String> train = KafkaKeys.forRole(config.kafka(), KafkaKeys.TRAIN_PREFIX);
        long commitMs = number(train, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, CommitPlan.intervalMs(learner));
        String timeoutKey = StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
        long unprefixedMs =
                number(train, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, CommitPlan.transactionTimeoutMs(commitMs));
        long timeoutMs = number(train, timeoutKey, unprefixedMs);
        if (timeoutMs < commitMs) {
            problems.add(timeoutKey + "=" + timeoutMs + " is shorter than " + StreamsConfig.COMMIT_INTERVAL_MS_CONFIG
                    + "=" + commitMs
                    + ": transactions would time out before they commit. Raise the former above the latter.");
        }
    }

    private static long number(Map<String, String> settings, String key, long otherwise) {
        return settings.containsKey(key) ? Long.parseLong(settings.get(key)) : otherwise;
    }
}
