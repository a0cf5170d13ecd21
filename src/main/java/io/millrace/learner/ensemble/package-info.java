/** A learner of several small networks and a memory of labels, whose predictions a mixture combines. */
package io.millrace.learner.ensemble;
