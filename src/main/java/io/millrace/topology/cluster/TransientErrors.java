package io.millrace.topology.cluster;

import io.millrace.records.RegistryUnavailableException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;

/** Recognises faults that end a thread and pass by themselves: a registry or a broker that is unavailable comes back. */
public final class TransientErrors {
    private TransientErrors() {}

    /**
     * Describes a fault of this kind.
     *
     * @param fault any fault; its causes are searched too
     * @return a sentence without full stop that says what happened; empty when the fault does not pass
     */
    public static Optional<String> sentence(Throwable fault) {
        for (Throwable each = fault; each != null; each = each.getCause()) {
            Throwable cause = each;
            if (cause instanceof RegistryUnavailableException) {
                return Optional.of("The schema registry cannot be reached (" + cause.getMessage() + ")");
            }
            if (cause instanceof RetriableException
                    || cause instanceof TransactionAbortableException
                    || cause
                            instanceof
                            InvalidTxnStateException // the brokers have ended it, for instance after its timeout
                    || isUnacknowledged(cause)) {
                return Optional.of(LostTopic.written(fault)
                        .map(topic -> LostTopic.isUnknown(fault)
                                ? "The topic " + topic + " is not there (" + AuthErrors.root(cause)
                                        + "): create it again; its records wait until then"
                                : "The brokers did not answer (topic " + topic + ": " + AuthErrors.root(cause) + ")")
                        .orElse("The brokers did not answer (" + AuthErrors.root(cause) + ")"));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a producer refuses to continue because records stayed unanswered for longer than {@code delivery.timeout.ms}. Kafka has no
     * type for this fault. Faults that do not pass, such as missing rights, are {@link org.apache.kafka.common.errors.ApiException}s.
     */
    private static boolean isUnacknowledged(Throwable fault) {
        return fault.getClass() == KafkaException.class
                && fault.getCause() != null
                && fault.getCause().getClass() == KafkaException.class
                && fault.getCause().getCause() == null;
    }
}
