package io.millrace.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.boolex.EventEvaluatorBase;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.training.Changelogs;
import io.millrace.topology.training.UnfitState;

/**
 * Tells logback.xml which errors are logged without a stack trace: operator errors, which {@link AuthErrors} and {@link UnfitState}
 * explain, and added partitions, which {@link Changelogs} handles. Kafka logs the same errors too, once in each of its layers.
 */
public final class KnownFault extends EventEvaluatorBase<ILoggingEvent> {
    @Override
    public boolean evaluate(ILoggingEvent event) {
        return event.getThrowableProxy() instanceof ThrowableProxy proxy
                && (AuthErrors.sentence(proxy.getThrowable()).isPresent()
                        || UnfitState.sentence(proxy.getThrowable()).isPresent()
                        || Changelogs.mismatch(proxy.getThrowable()));
    }
}
