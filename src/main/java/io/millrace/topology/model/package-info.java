/** Kinds of model: what makes a learner, and how one of its versions stands in a snapshot. */
package io.millrace.topology.model;
