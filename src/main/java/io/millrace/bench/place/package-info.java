/** Where a benchmark measures: its own broker and registry or an existing cluster, and processes that end with it. */
package io.millrace.bench.place;
