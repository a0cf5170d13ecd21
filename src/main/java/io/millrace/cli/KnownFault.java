package io.millrace.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.boolex.EventEvaluatorBase;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.training.Changelogs;

/**
 * Tells logback.xml which faults need no stack trace: the operator's, that {@link AuthErrors} explains, and
 * partitions that were added, which {@link Changelogs} follow. Kafka logs them too, each of
 * its layers once more.
 */
public final class KnownFault extends EventEvaluatorBase<ILoggingEvent> {
    @Override
    public boolean evaluate(ILoggingEvent event) {
        return event.getThrowableProxy() instanceof ThrowableProxy proxy
                && (AuthErrors.sentence(proxy.getThrowable()).isPresent() || Changelogs.mismatch(proxy.getThrowable()));
    }
}
