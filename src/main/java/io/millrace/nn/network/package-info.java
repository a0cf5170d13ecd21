/** Networks of layers: their parameters, forward and backward passes, and the {@link io.millrace.nn.network.Trainer} that moves them. */
package io.millrace.nn.network;
