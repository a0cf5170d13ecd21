package io.millrace.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Keeps the servers of this package from filling the log: at their INFO level a start of the broker alone is hundreds of lines.
 * A level that the logging configuration sets for one of these loggers stays as it is. Kafka's clients and streams keep theirs.
 */
final class QuietLogs {
    private static final List<String> BROKER = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.common.utils.Mx4jLoader",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.network",
            "org.apache.kafka.queue",
            "org.apache.kafka.raft",
            "org.apache.kafka.security",
            "org.apache.kafka.server",
            "org.apache.kafka.snapshot",
            "org.apache.kafka.storage",
            "org.apache.kafka.timeline");
    private static final List<String> REGISTRY = List.of("io.javalin", "org.eclipse.jetty");

    private QuietLogs() {}

    static void forBroker() {
        onlyWarnings(BROKER);
    }

    static void forRegistry() {
        onlyWarnings(REGISTRY);
    }

    private static void onlyWarnings(List<String> loggers) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return; // another backend: its own configuration decides
        }
        for (String name : loggers) {
            ch.qos.logback.classic.Logger logger = context.getLogger(name);
            if (logger.getLevel() == null && logger.getEffectiveLevel().levelInt < Level.WARN_INT) {
                logger.setLevel(Level.WARN);
            }
        }
    }
}
