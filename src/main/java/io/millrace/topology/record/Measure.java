package io.millrace.topology.record;

import java.util.List;

/**
 * The numbers that Millrace keeps in Kafka Streams' metrics (group {@code stream-millrace-metrics}) besides those that {@link FaultCounter}
 * and the sensor of checkpoints make. Names that end with {@code -total} only grow; the others are of this moment. Units: seconds, bytes,
 * examples, records.
 */
public enum Measure {
    EXAMPLES("examples-total", "Examples that were accepted, by what became of them: learned or held_out.", "outcome"),
    LEARNED_VERSION("learned-version", "Version of the newest weights: examples learned since the model began."),
    EXAMPLE_SECONDS("example-seconds-total", "Time for decoding and learning one in 64 examples."),
    TIMED_EXAMPLES("timed-examples-total", "Number of those examples."),
    LOSS(
            "loss",
            "Mean loss in the last report: over its examples (report), over the stream with fading weights (faded), and over"
                    + " its held-out examples (held_out).",
            "over"),
    METRIC(
            "metric",
            "A metric of the last report, such as accuracy, over the same examples as the loss.",
            "metric",
            "over"),
    LOSS_SUM(
            "example-loss-total",
            "Sum of the losses of all examples in reports, each predicted before it was learned."),
    EVALUATED("evaluated-examples-total", "Number of those examples."),
    LOSS_JUMPS("loss-jumps-total", "Reports whose loss was far above those before: by 3.5 deviations, and by a tenth."),
    GRADIENT_NORM("gradient-norm", "L2 norm of the gradient of the step before the last report. An ensemble has none."),
    LEARNING_RATE("learning-rate", "Learning rate of the step before the last report. An ensemble has none."),
    EXPERT_LOSS(
            "expert-loss", "Mean loss of one expert of an ensemble over the examples of the last report.", "expert"),
    EXPERT_WEIGHT("expert-weight", "Weight of one expert in the mixture; it may be negative.", "expert"),
    REFUSED_BATCHES(
            "refused-batches-total",
            "Mini-batches that were not learned, because they would have damaged the weights."),
    REFUSED_EXAMPLES(
            "refused-examples-total",
            "Examples that were not learned for that reason, as reported; of an ensemble, refused steps of its members."),
    BAD_INPUT(
            "bad-input-by-cause-total",
            "Records that could not be used and went to the dead letters, by cause.",
            "cause"),
    MISSING_VALUES(
            "missing-values-total",
            "Examples, and requests of the topic and over HTTP, in which a declared feature had no value.",
            "feature"),
    CHECKPOINT_SECONDS("checkpoint-seconds-total", "Time for writing checkpoints, during which learning waits."),
    CHECKPOINT_BYTES("checkpoint-bytes", "Size of the state in the last checkpoint."),
    PUBLISHED_VERSION("published-version", "Version that was published last by this process; 0 before the first one."),
    PUBLISHED_AGE("published-age", "Time since a version was published; before the first one, since the task started."),
    REGISTRY_UP("registry-up", "Whether the schema registry answered when it was asked last: 1 or 0."),
    PREDICTIONS(
            "predictions-total",
            "Answers by status, to requests of the topic and to rows over HTTP. A request over HTTP that is refused as a whole"
                    + " counts as one.",
            "channel",
            "status"),
    PREDICTION_SECONDS(
            "prediction-seconds-total",
            "Time from a request's arrival in the task until its answer is with the producer; over HTTP, from a request's body,"
                    + " with all its rows, until the answer is made.",
            "channel"),
    PREDICTION_BUCKET(
            "prediction-bucket-total",
            "Requests that took at most this many seconds and more than the next smaller bound.",
            "channel",
            "le"),
    SERVED_VERSION("served-version", "Version that answers requests: examples learned, summed over the replicas."),
    SERVED_AGE("served-age", "Time since the version that answers was written to the snapshots."),
    FRESHNESS("freshness", "Time since the newest event that a served version has learned.");

    private final String metric;
    private final String description;
    private final List<String> tags;

    Measure(String metric, String description, String... tags) {
        this.metric = metric;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** Its name in Kafka Streams' metrics. */
    public String metric() {
        return metric;
    }

    /** A sentence. */
    public String description() {
        return description;
    }

    /** Names of its tags besides {@code thread-id} and {@code millrace-id}, which is the task. */
    public List<String> tags() {
        return tags;
    }
}
