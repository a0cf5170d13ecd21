/** Descriptions of algorithms, by which they are chosen by name and hyper-parameters. */
package io.millrace.nn.algorithm;
