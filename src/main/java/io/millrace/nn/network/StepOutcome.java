package io.millrace.nn.network;

/** What became of a step of the {@link Trainer}. One that is refused leaves everything as it was. */
public enum StepOutcome {
    /** The parameters have moved. */
    TAKEN("nothing is wrong"),
    /** A loss is infinite or not a number. */
    LOSS_NOT_FINITE("the loss is not finite"),
    /** The mean loss is above {@link Trainer#lossLimit}. */
    LOSS_TOO_LARGE("the loss is far above the usual one"),
    /** The gradient, or a number that it is made of, is so large that the optimizer's moments could overflow. */
    GRADIENT_TOO_LARGE("the gradient is too large"),
    /** A parameter has grown so large that the next passes could overflow. */
    WEIGHTS_TOO_LARGE("the weights have grown too large");

    private final String cause;

    StepOutcome(String cause) {
        this.cause = cause;
    }

    /** A sentence without full stop. */
    public String cause() {
        return cause;
    }
}
