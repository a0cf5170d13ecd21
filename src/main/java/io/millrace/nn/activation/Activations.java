package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Registry;

/** The activations that can be chosen by name: a new one adds a line. */
final class Activations {
    static final Registry<Activation> BY_NAME = new Registry<Activation>("activation")
            .add(Identity.NAME, o -> Activation.IDENTITY)
            .add(Relu.NAME, o -> Activation.RELU)
            .add(LeakyRelu.NAME, LeakyRelu::of)
            .add(Tanh.NAME, o -> Activation.TANH)
            .add(Sigmoid.NAME, o -> Activation.SIGMOID);

    private Activations() {}
}
