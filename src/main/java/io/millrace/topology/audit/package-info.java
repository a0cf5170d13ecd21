/** {@code verify}: replays what was read and compares. */
package io.millrace.topology.audit;
