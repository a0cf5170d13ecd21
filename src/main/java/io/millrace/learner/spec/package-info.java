/** What a learner is made of. */
package io.millrace.learner.spec;
