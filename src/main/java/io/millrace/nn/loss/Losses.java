package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Registry;

/** The losses that can be chosen by name: a new one adds a line. */
final class Losses {
    static final Registry<Loss> BY_NAME = new Registry<Loss>("loss")
            .add(SoftmaxCrossEntropy.NAME, o -> Loss.SOFTMAX_CROSS_ENTROPY)
            .add(SigmoidCrossEntropy.NAME, o -> Loss.SIGMOID_CROSS_ENTROPY)
            .add(HalfMeanSquaredError.NAME, o -> Loss.HALF_MEAN_SQUARED_ERROR);

    private Losses() {}
}
