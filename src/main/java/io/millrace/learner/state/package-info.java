/** Saved state: its encoding, in chunks that fit into records. */
package io.millrace.learner.state;
