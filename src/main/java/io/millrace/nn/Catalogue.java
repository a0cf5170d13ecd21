package io.millrace.nn;

/** All algorithms that can be chosen by name, one line each: the line that a new algorithm adds. */
final class Catalogue {
    static final Registry<Activation> ACTIVATIONS = new Registry<Activation>("activation")
            .add(Identity.NAME, o -> Activation.IDENTITY)
            .add(Relu.NAME, o -> Activation.RELU)
            .add(LeakyRelu.NAME, LeakyRelu::of)
            .add(Tanh.NAME, o -> Activation.TANH)
            .add(Sigmoid.NAME, o -> Activation.SIGMOID);

    static final Registry<Loss> LOSSES = new Registry<Loss>("loss")
            .add(SoftmaxCrossEntropy.NAME, o -> Loss.SOFTMAX_CROSS_ENTROPY)
            .add(SigmoidCrossEntropy.NAME, o -> Loss.SIGMOID_CROSS_ENTROPY)
            .add(HalfMeanSquaredError.NAME, o -> Loss.HALF_MEAN_SQUARED_ERROR);

    static final Registry<Initializer> INITIALIZERS = new Registry<Initializer>("initializer")
            .add(XavierUniform.NAME, o -> new XavierUniform())
            .add(XavierNormal.NAME, o -> new XavierNormal())
            .add(HeUniform.NAME, o -> new HeUniform())
            .add(HeNormal.NAME, o -> new HeNormal());

    static final Registry<Optimizer> OPTIMIZERS = new Registry<Optimizer>("optimizer")
            .add(Sgd.NAME, o -> new Sgd())
            .add(Momentum.NAME, Momentum::of)
            .add(Nesterov.NAME, Nesterov::of)
            .add(NesterovTorch.NAME, NesterovTorch::of)
            .add(AdaGrad.NAME, AdaGrad::of)
            .add(RmsProp.NAME, RmsProp::of)
            .add(Adam.NAME, Adam::of)
            .add(AdamW.NAME, AdamW::of);

    static final Registry<Schedule> SCHEDULES = new Registry<Schedule>("schedule")
            .add(ConstantRate.NAME, ConstantRate::of)
            .add(LinearDecay.NAME, LinearDecay::of)
            .add(InverseTimeDecay.NAME, InverseTimeDecay::of)
            .add(StepDecay.NAME, StepDecay::of)
            .add(CosineDecay.NAME, CosineDecay::of);

    private Catalogue() {}
}
