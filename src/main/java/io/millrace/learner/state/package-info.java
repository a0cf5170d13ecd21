/** The encoding of saved state, in chunks that fit into records. */
package io.millrace.learner.state;
