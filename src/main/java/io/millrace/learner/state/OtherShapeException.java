package io.millrace.learner.state;

/** A saved state belongs to a learner of another shape: another architecture, optimizer or other classes. */
public final class OtherShapeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param difference a sentence that ends with a colon and says what differs; empty when the two shapes say enough
     */
    public OtherShapeException(String saved, String configured, String difference) {
        super("the saved learner is [" + saved + "], the configured one is [" + configured + "]: " + difference
                + "restore the former configuration, or give the new model a model.name and an application.id of its"
                + " own, or set model.reset=true to delete what was learned and start again");
    }
}
