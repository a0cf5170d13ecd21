package io.millrace.local;

import static org.slf4j.Logger.ROOT_LOGGER_NAME;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Keeps the servers of this package from filling the log: at their INFO level a start of the broker alone is hundreds of lines.
 * A level that the logging configuration sets for one of these loggers stays as it is. Kafka's clients and streams keep theirs.
 */
final class QuietLogs {
    private static final List<String> BROKER = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.common.config.AbstractConfig",
            "org.apache.kafka.common.utils.Mx4jLoader",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.deferred",
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
    // Its WARN at each first start says that a new cluster is new.
    private static final List<String> BROKER_ERRORS = List.of("org.apache.kafka.controller.QuorumController");
    private static final List<String> REGISTRY = List.of("io.javalin", "org.eclipse.jetty");

    /**
     * The broker's inner clients share a logger with those of the application, but not the prefix of their messages. They warn at
     * each close, and while a broker that was killed comes back.
     */
    private static final class InnerClients extends TurboFilter {
        @Override
        public FilterReply decide(
                Marker marker,
                ch.qos.logback.classic.Logger logger,
                Level level,
                String format,
                Object[] parameters,
                Throwable thrown) {
            boolean inner = level == Level.WARN
                    && format != null
                    && INNER_CLIENTS.stream().anyMatch(format::startsWith)
                    && logger.getName().equals("org.apache.kafka.clients.NetworkClient");
            return inner ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }

    private static final List<String> INNER_CLIENTS =
            List.of("[NodeToControllerChannelManager ", "[TransactionCoordinator ", "[RaftManager ");

    private QuietLogs() {}

    static void forBroker() {
        raise(BROKER, Level.WARN);
        raise(BROKER_ERRORS, Level.ERROR);
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getTurboFilterList().stream().noneMatch(InnerClients.class::isInstance)) {
            context.addTurboFilter(new InnerClients());
        }
    }

    static void forRegistry() {
        raise(REGISTRY, Level.WARN);
    }

    /**
     * For a broker in a JVM of its own: moves the log to standard error, since standard output is for the program that started
     * it, and takes Logback's DEBUG, its default in the absence of a configuration, to WARN.
     */
    static void inOwnProcess() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        ch.qos.logback.classic.Logger root = context.getLogger(ROOT_LOGGER_NAME);
        if (root.getLevel() == Level.DEBUG) {
            root.setLevel(Level.WARN);
        }
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                console.stop();
                console.setTarget("System.err");
                console.start();
            }
        });
    }

    private static void raise(List<String> loggers, Level level) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return; // another backend: its own configuration decides
        }
        for (String name : loggers) {
            ch.qos.logback.classic.Logger logger = context.getLogger(name);
            if (logger.getLevel() == null && logger.getEffectiveLevel().levelInt < level.levelInt) {
                logger.setLevel(level);
            }
        }
    }
}
