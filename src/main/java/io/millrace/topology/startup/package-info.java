/** What is checked and put right before training or serving starts. */
package io.millrace.topology.startup;
