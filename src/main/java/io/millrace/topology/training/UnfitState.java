package io.millrace.topology.training;

import io.millrace.learner.state.OtherShapeException;
import io.millrace.topology.history.MovedOffsetException;
import java.util.Optional;

/** Recognises saved state that does not fit the configuration or the topics, which the operator must correct. */
public final class UnfitState {
    private UnfitState() {}

    /**
     * Describes a fault of this kind.
     *
     * @param fault any fault; its causes are searched too
     * @return a sentence that says what to do; empty when the fault is of another kind
     */
    public static Optional<String> sentence(Throwable fault) {
        Throwable cause = fault;
        while (cause != null
                && !(cause instanceof OtherShapeException
                        || cause instanceof OtherModelException
                        || cause instanceof LostBatchException
                        || cause instanceof MovedOffsetException)) {
            cause = cause.getCause();
        }
        return Optional.ofNullable(cause).map(Throwable::getMessage);
    }
}
