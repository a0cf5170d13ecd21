package io.millrace.metrics;

import static io.millrace.metrics.Family.PARTITION;
import static io.millrace.metrics.Family.ROLE;

import io.millrace.metrics.Family.Type;
import io.millrace.topology.record.Measure;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All metrics of {@code /metrics}, in the order of docs/monitoring. */
final class Families {
    static final List<Family> ALL = List.of(
            // learning
            Family.counter("millrace_examples_total", Measure.EXAMPLES, PARTITION),
            Family.sensor(
                    "millrace_skipped_records_total",
                    "Records without a value or a label, which are no examples.",
                    "skipped-records-total",
                    PARTITION),
            Family.gauge("millrace_learned_version", Measure.LEARNED_VERSION, PARTITION),
            Family.summary(
                    "millrace_example_duration_seconds",
                    "Time for decoding and learning an example, of one in 64.",
                    Measure.EXAMPLE_SECONDS,
                    Measure.TIMED_EXAMPLES.metric()),
            Family.summary(
                    "millrace_example_loss",
                    "Loss of the examples in reports, each predicted before it was learned.",
                    Measure.LOSS_SUM,
                    Measure.EVALUATED.metric()),
            Family.counter("millrace_loss_jumps_total", Measure.LOSS_JUMPS, PARTITION),
            Family.gauge("millrace_loss", Measure.LOSS, PARTITION),
            Family.gauge("millrace_metric", Measure.METRIC, PARTITION),
            Family.gauge("millrace_gradient_norm", Measure.GRADIENT_NORM, PARTITION),
            Family.gauge("millrace_learning_rate", Measure.LEARNING_RATE, PARTITION),
            Family.gauge("millrace_expert_loss", Measure.EXPERT_LOSS, PARTITION),
            Family.gauge("millrace_expert_weight", Measure.EXPERT_WEIGHT, PARTITION),
            Family.counter("millrace_refused_batches_total", Measure.REFUSED_BATCHES, PARTITION),
            Family.counter("millrace_refused_examples_total", Measure.REFUSED_EXAMPLES, PARTITION),
            Family.counter("millrace_missing_values_total", Measure.MISSING_VALUES, ROLE, PARTITION),
            Family.sensor(
                    "millrace_missing_offsets_total",
                    "Offsets of the examples that were deleted before they were read.",
                    "missing-input-total",
                    PARTITION),
            Family.sensor(
                    "millrace_odd_event_times_total",
                    "Event times that jumped further than batch.window.max.advance allows.",
                    "odd-event-time-total",
                    PARTITION),
            // commits
            Family.summary(
                    "millrace_checkpoint_duration_seconds",
                    "Time for writing a checkpoint, during which learning waits.",
                    Measure.CHECKPOINT_SECONDS,
                    "checkpoint-total"),
            Family.gauge("millrace_checkpoint_size_bytes", Measure.CHECKPOINT_BYTES, PARTITION),
            Family.gauge("millrace_published_version", Measure.PUBLISHED_VERSION, PARTITION),
            Family.gauge("millrace_published_age_seconds", Measure.PUBLISHED_AGE, PARTITION),
            // serving
            Family.counter("millrace_predictions_total", Measure.PREDICTIONS, PARTITION),
            Family.histogram(
                    "millrace_prediction_duration_seconds", Measure.PREDICTION_SECONDS, Measure.PREDICTION_BUCKET),
            Family.gauge("millrace_served_version", Measure.SERVED_VERSION),
            Family.gauge("millrace_served_age_seconds", Measure.SERVED_AGE),
            Family.gauge("millrace_freshness_seconds", Measure.FRESHNESS),
            // both
            Family.counter("millrace_bad_input_total", Measure.BAD_INPUT, ROLE, PARTITION),
            Family.sensor(
                    "millrace_unfit_schemas_total",
                    "Writers' schemas that lack a declared feature, or have it with another type.",
                    "unfit-schemas-total",
                    ROLE,
                    PARTITION),
            Family.gauge("millrace_registry_up", Measure.REGISTRY_UP, ROLE),
            new Family(
                    "millrace_streams_state",
                    Type.STATE,
                    List.of(ROLE, Family.STATE),
                    "State of Kafka Streams: 1 for the one that it is in, 0 for the others.",
                    "stream-metrics",
                    "state",
                    null),
            new Family(
                    "millrace_consumer_lag_records",
                    Type.GAUGE,
                    List.of(ROLE, "topic", PARTITION),
                    "Records behind the last one that was read, as of the last fetch.",
                    "consumer-fetch-manager-metrics",
                    "records-lag",
                    null));

    /** Group and name of each of Kafka's metrics that has a value of one of them. */
    static final Set<List<String>> READ = ALL.stream()
            .flatMap(family -> Stream.of(family.value(), family.count())
                    .filter(Objects::nonNull)
                    .map(metric -> List.of(family.group(), metric)))
            .collect(Collectors.toUnmodifiableSet());

    private Families() {}
}
