/** Checks and corrections before training or serving starts. */
package io.millrace.topology.startup;
