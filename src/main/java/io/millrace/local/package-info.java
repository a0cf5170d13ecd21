/**
 * A one-node Kafka broker and a schema registry in this JVM, for the demo, benchmarks and tests. Both listen on the
 * loopback interface only, without authentication. Do not use them in production.
 */
package io.millrace.local;
