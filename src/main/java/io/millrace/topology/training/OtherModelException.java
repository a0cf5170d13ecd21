package io.millrace.topology.training;

/** An application that has learned one model is configured for another: versions of both would mix in the snapshots topic. */
public final class OtherModelException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OtherModelException(String learned, String configured) {
        super("this application has learned the model " + learned + " and is configured for " + configured
                + ": set model.name back, or give the new model an application.id of its own");
    }
}
