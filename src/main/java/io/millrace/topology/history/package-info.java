/** What a learner has read, and its configurations: the lineage of its weights. */
package io.millrace.topology.history;
