/** {@code demo}: a cluster, a stream and a result in one JVM. */
package io.millrace.cli.demo;
