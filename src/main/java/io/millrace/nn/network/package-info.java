/** Networks of layers: their parameters, forward and backward passes, and the {@link io.millrace.nn.network.Trainer} that updates them. */
package io.millrace.nn.network;
