/** The specification of a learner. */
package io.millrace.learner.spec;
