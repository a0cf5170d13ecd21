package io.millrace.config;

import static io.millrace.config.ModelSettings.MODEL_CLASSES;
import static io.millrace.config.ModelSettings.MODEL_HIDDEN;
import static io.millrace.config.ModelSettings.MODEL_LOSS;
import static io.millrace.config.ModelSettings.MODEL_TARGETS;
import static io.millrace.config.ModelSettings.MODEL_TASK;

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

/** Values that are fine alone and wrong together. */
final class ConfigValidation {
    /** Java arrays end here; chunks, moments and padding need room below it. */
    private static final long MAX_PARAMETERS = 100_000_000;

    /** What a record has room for, and what the weights in the first chunk of a snapshot take of it at most. */
    private static final long RECORD_BYTES = 1 << 20;

    private static final long CHUNK_BYTES = 1 << 19;

    /** Each can make Kafka Streams go on after a fault, with an example lost. */
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

    /** @return one sentence for each contradiction */
    static List<String> in(MillraceConfig config) {
        ConfigValidation contradictions = new ConfigValidation(config);
        contradictions.checkTask(config.learner());
        contradictions.checkNames(config.learner());
        contradictions.checkConnections(config.learner());
        contradictions.checkSize(config.learner());
        contradictions.checkOptions(TrainingSettings.OPTIMIZER, config.learner().optimizer());
        contradictions.checkOptions(TrainingSettings.SCHEDULE, config.learner().schedule());
        contradictions.checkActivations(config.learner());
        contradictions.checkBatchNorm(config.learner());
        contradictions.checkDropout(config.learner());
        contradictions.checkDecay(config.learner());
        contradictions.checkEarlyStopping(config.learner());
        contradictions.checkTopics();
        contradictions.checkKafka();
        contradictions.problems.addAll(
                SecuritySettings.problems(config.kafka(), config.values().getList(Settings.SCHEMA_REGISTRY_URL)));
        return contradictions.problems;
    }

    private void checkTask(LearnerSettings learner) {
        int classes = learner.classes().size();
        switch (learner.task()) {
            case "regression" -> {
                if (classes > 0) {
                    problems.add(MODEL_CLASSES + " is set, but " + MODEL_TASK
                            + " is regression: remove the classes, or choose classification or multilabel.");
                }
                requireLoss(learner, "half_mse");
            }
            case "multilabel" -> {
                if (classes < 1) {
                    problems.add(MODEL_CLASSES + " is empty: name the labels, as in red,round.");
                }
                requireLoss(learner, "sigmoid_cross_entropy");
            }
            default -> {
                if (classes < 2) {
                    problems.add(MODEL_CLASSES
                            + " must name at least two classes for a classification, as in no,yes; it names " + classes
                            + ".");
                }
                if (learner.loss().equals("sigmoid_cross_entropy") && classes != 2) {
                    problems.add(MODEL_LOSS + "=sigmoid_cross_entropy classifies two classes, but " + MODEL_CLASSES
                            + " names " + classes + ": use softmax_cross_entropy, or " + MODEL_TASK + "=multilabel.");
                } else if (!learner.loss().equals("sigmoid_cross_entropy")) {
                    requireLoss(learner, "softmax_cross_entropy");
                }
            }
        }
        if (!learner.task().equals("regression") && learner.targets() != 1) {
            problems.add(MODEL_TARGETS + " is for regression; with " + MODEL_TASK + "=" + learner.task()
                    + " the number of classes decides. Remove it.");
        }
    }

    /** The first chunk of a snapshot holds the names twice, beside statistics and weights. */
    private void checkNames(LearnerSettings learner) {
        long names = learner.classes().stream()
                .mapToLong(name -> name.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        long weights =
                Math.min(CHUNK_BYTES, Float.BYTES * NetworkSize.of(learner).parameters());
        long statistics = 2L * Double.BYTES * learner.inputs();
        Map<String, String> train = KafkaKeys.forRole(config.kafka(), KafkaKeys.TRAIN_PREFIX);
        long unprefixed = number(train, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES);
        long most = number(train, StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), unprefixed);
        if (names > 0 && 2 * names + weights + statistics > most) {
            problems.add(String.format(
                    Locale.ROOT,
                    "The names of the %d classes in %s have %.1f MB, more than a record takes: is it the right column"
                            + " (--label)? Otherwise shorten them.",
                    learner.classes().size(),
                    MODEL_CLASSES,
                    names / 1e6));
        }
    }

    /** Options of an algorithm that is not chosen would do nothing. */
    private void checkOptions(String choice, String chosen) {
        for (String key : config.values().originals().keySet()) {
            if (key.startsWith(choice + ".") && !key.startsWith(choice + "." + chosen + ".")) {
                problems.add(key + " is set, but " + choice + "=" + chosen
                        + " has no such option: remove it, or choose what it belongs to.");
            }
        }
    }

    private void checkActivations(LearnerSettings learner) {
        int activations =
                config.values().getList(ModelSettings.MODEL_ACTIVATION).size();
        if (activations != 1 && activations != learner.hidden().size()) {
            problems.add(ModelSettings.MODEL_ACTIVATION + " names " + activations + " activations for "
                    + learner.hidden().size() + " hidden layers: name one for all, or one for each.");
        }
        boolean leaky = learner.activations().contains("leaky_relu");
        if (!leaky && config.values().originals().containsKey(ModelSettings.MODEL_ACTIVATION_SLOPE)) {
            problems.add(ModelSettings.MODEL_ACTIVATION_SLOPE
                    + " is set, but no hidden layer is leaky_relu: remove it, or choose that activation.");
        }
    }

    private void checkBatchNorm(LearnerSettings learner) {
        if (!learner.batchNorm()) {
            for (String key : config.values().originals().keySet()) {
                if (key.startsWith(ModelSettings.BATCH_NORM_OPTIONS)) {
                    problems.add(key + " is set, but batch.norm is false: remove it, or set batch.norm=true.");
                }
            }
        } else if (learner.hidden().isEmpty()) {
            problems.add("batch.norm=true normalises hidden layers, and " + MODEL_HIDDEN + " is empty.");
        } else if (learner.batchSize() < 2) {
            problems.add("batch.norm=true needs the statistics of several examples, and " + TrainingSettings.BATCH_SIZE
                    + " is 1: raise it, to 16 say.");
        }
    }

    /** Beyond it each step would overshoot zero by more than it came from there. */
    private void checkDecay(LearnerSettings learner) {
        refuseGrowth(TrainingSettings.L2, learner.l2(), learner.learningRate());
        String decay = TrainingSettings.OPTIMIZER + ".adamw.weight.decay";
        if (learner.optimizer().equals("adamw")) {
            refuseGrowth(decay, config.values().getDouble(decay), learner.learningRate());
        }
    }

    private void refuseGrowth(String key, double decay, double rate) {
        if (decay * rate >= 2) {
            problems.add(
                    key + "=" + decay + " times " + TrainingSettings.LEARNING_RATE + "=" + rate
                            + " is 2 or more, so that weights would grow from step to step instead of decaying: lower one of them.");
        }
    }

    private void checkDropout(LearnerSettings learner) {
        if (learner.dropoutHidden() > 0 && learner.hidden().isEmpty()) {
            problems.add(
                    TrainingSettings.DROPOUT_HIDDEN + " leaves hidden units out, and " + MODEL_HIDDEN + " is empty.");
        }
    }

    private void checkEarlyStopping(LearnerSettings learner) {
        String minGain = Settings.EARLY_STOPPING_MIN_GAIN;
        if (learner.patience() == 0 && config.values().originals().containsKey(minGain)) {
            problems.add(minGain + " is set, but " + Settings.EARLY_STOPPING_PATIENCE
                    + " is 0, which is no early stopping: remove it, or set a patience, of 5 reports say.");
        }
    }

    private void requireLoss(LearnerSettings learner, String loss) {
        if (!learner.loss().equals(loss)) {
            problems.add(MODEL_LOSS + "=" + learner.loss() + " does not fit " + MODEL_TASK + "=" + learner.task()
                    + ": use " + loss + ", or auto.");
        }
    }

    private void checkConnections(LearnerSettings learner) {
        int hidden = learner.hidden().size();
        for (String key :
                List.of(ModelSettings.MODEL_CONCATENATE, ModelSettings.MODEL_RESIDUAL, ModelSettings.MODEL_SHARE)) {
            problems.addAll(Connections.problems(key, config.values().getList(key), hidden));
        }
        learner.shared().forEach((layer, names) -> {
            if (names.size() > 1) {
                problems.add(ModelSettings.MODEL_SHARE + " gives a layer the weights of " + names + ": name one.");
            }
        });
        if (learner.batchNorm() && !learner.shared().isEmpty()) {
            problems.add(ModelSettings.MODEL_SHARE
                    + " and batch.norm=true exclude each other: the averages of the layers that"
                    + " share would mix. Remove one of them.");
        }
    }

    private void checkSize(LearnerSettings learner) {
        NetworkSize size = NetworkSize.of(learner);
        long parameters = size.parameters();
        long widest = size.widest();
        long block = learner.batchSize() * widest;
        if (parameters > MAX_PARAMETERS) {
            problems.add("The network would have " + parameters + " parameters; at most " + MAX_PARAMETERS
                    + " are possible. Use fewer or smaller layers in " + MODEL_HIDDEN + ".");
        } else if (block > MAX_PARAMETERS) {
            problems.add("A mini-batch of " + learner.batchSize() + " examples would hold " + block
                    + " numbers in the widest layer, which has " + widest + "; at most " + MAX_PARAMETERS
                    + " are possible. Lower " + TrainingSettings.BATCH_SIZE + ".");
        }
    }

    private void checkTopics() {
        List<String> names = config.topics().all();
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
        long commitMs = number(train, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, CommitPlan.intervalMs(config.learner()));
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
