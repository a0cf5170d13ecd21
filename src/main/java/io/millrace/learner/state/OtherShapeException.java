package io.millrace.learner.state;

import io.millrace.learner.spec.LearnerKind;

/** A saved state belongs to a learner of another shape: another kind, architecture, optimizer or other classes. */
public final class OtherShapeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param saved fingerprint, as {@code LearnerSpec} makes it
     * @param configured fingerprint of the learner that restores
     * @param difference a sentence that ends with a colon and says what differs; empty when the two shapes say enough
     */
    public OtherShapeException(String saved, String configured, String difference) {
        super("the saved learner is [" + saved + "], the configured one is [" + configured + "]: " + difference
                + "restore the former configuration" + kind(saved, configured)
                + ", or give the new model a model.name and an application.id of its"
                + " own, or set model.reset=true to delete what was learned and start again");
    }

    private static String kind(String saved, String configured) {
        LearnerKind former = LearnerKind.ofFingerprint(saved);
        return former == LearnerKind.ofFingerprint(configured) ? "" : ", which has model.kind=" + former.id();
    }
}
