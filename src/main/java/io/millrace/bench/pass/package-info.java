/** Single measurements: one pass over a topic, the times of answers, and what threads and onlookers take. */
package io.millrace.bench.pass;
