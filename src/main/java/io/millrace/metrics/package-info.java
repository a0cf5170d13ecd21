/** Kafka's metrics, Millrace's among them, as text for Prometheus. */
package io.millrace.metrics;
