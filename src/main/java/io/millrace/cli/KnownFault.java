package io.millrace.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.boolex.EventEvaluatorBase;
import io.millrace.topology.AccessFault;
import io.millrace.topology.Changelogs;

/**
 * Tells logback.xml which faults need no stack trace: the operator's, that {@link AccessFault} explains, and
 * partitions that were added, which {@link Changelogs} follow. Kafka logs them too, each of
 * its layers once more.
 */
public final class KnownFault extends EventEvaluatorBase<ILoggingEvent> {
    @Override
    public boolean evaluate(ILoggingEvent event) {
        return event.getThrowableProxy() instanceof ThrowableProxy proxy
                && (AccessFault.sentence(proxy.getThrowable()).isPresent()
                        || Changelogs.mismatch(proxy.getThrowable()));
    }
}
