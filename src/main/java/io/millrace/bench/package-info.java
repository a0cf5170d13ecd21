/**
 * Measures Millrace against what it runs on: {@link io.millrace.bench.Bench} fills a topic, then times a bare consumer, an
 * empty topology and training over it in turn, and at last the answers of serving.
 */
package io.millrace.bench;
