/** Kinds of model. Each creates learners, and defines how a snapshot represents a version. */
package io.millrace.topology.model;
