/** What a learner has read and by which configurations it went: the lineage of its weights. */
package io.millrace.topology.history;
