package io.millrace.nn.network;

/** The result of a step of the {@link Trainer}. A refused step changes nothing. */
public enum StepOutcome {
    /** The parameters were updated. */
    TAKEN("nothing is wrong"),
    /** A loss is infinite or not a number. */
    LOSS_NOT_FINITE("the loss is not finite"),
    /** The mean loss is above {@link Trainer#lossLimit}. */
    LOSS_TOO_LARGE("the loss is far above the usual one"),
    /** The gradient, or a factor of it, is so large that the optimizer's moments could overflow. */
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
