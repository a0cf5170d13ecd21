package io.millrace.topology.training;

/** An application that has learned one model is configured for another: the snapshots topic would contain a mixture of the versions of both. */
public final class OtherModelException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OtherModelException(String learned, String configured) {
        super("this application has learned the model " + learned + " but is configured for " + configured
                + ": restore model.name, or set another application.id for the new model");
    }
}
