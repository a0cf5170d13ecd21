/** How algorithms describe themselves, and are chosen by name and hyper-parameters. */
package io.millrace.nn.algorithm;
