/**
 * Measures the overhead of Millrace: {@link io.millrace.bench.Bench} fills a topic, then times a bare consumer, an
 * empty topology and training over it in turn, and finally the latency of serving.
 */
package io.millrace.bench;
