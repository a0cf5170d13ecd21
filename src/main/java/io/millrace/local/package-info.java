/**
 * A one-node Kafka broker and a schema registry in this JVM, for the demo, benchmarks and tests. Both listen on the loopback
 * interface only, without authentication: they are not for production.
 */
package io.millrace.local;
