package io.millrace.metrics;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * The metrics of one application at this moment.
 *
 * @param role its role: {@code train} or {@code serve}
 * @param topics names of the topics whose lag is shown. Kafka's consumers count that of a topic with a dot twice, once with the dots
 *     replaced
 * @param metrics of Kafka Streams and its clients
 */
public record MetricSource(String role, Set<String> topics, Map<MetricName, ? extends Metric> metrics) {}
