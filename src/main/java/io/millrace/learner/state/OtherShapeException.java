package io.millrace.learner.state;

/** A saved state belongs to a learner of another shape: another architecture, optimizer or other classes. */
public final class OtherShapeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public OtherShapeException(String saved, String configured) {
        super("the saved learner is [" + saved + "], the configured one is [" + configured
                + "]: restore the former configuration, or give the new model a model.name and an application.id of its"
                + " own, or set model.reset=true to delete what was learned and start again");
    }
}
