/** How algorithms are chosen by name, with options. */
package io.millrace.nn.algorithm;
