/** What a benchmark writes and learns: the workload, its records, and generated streams. */
package io.millrace.bench.workload;
