package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Registry;

/** The optimizers that can be chosen by name: a new one adds a line. */
final class Optimizers {
    static final Registry<Optimizer> BY_NAME = new Registry<Optimizer>("optimizer")
            .add(Sgd.NAME, o -> new Sgd())
            .add(Momentum.NAME, Momentum::of)
            .add(Nesterov.NAME, Nesterov::of)
            .add(NesterovTorch.NAME, NesterovTorch::of)
            .add(AdaGrad.NAME, AdaGrad::of)
            .add(RmsProp.NAME, RmsProp::of)
            .add(Adam.NAME, Adam::of)
            .add(AdamW.NAME, AdamW::of);

    private Optimizers() {}
}
