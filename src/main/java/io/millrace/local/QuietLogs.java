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
 * Keeps the servers of this package from filling the log: at the level INFO, starting the broker alone logs hundreds of
 * lines. A level that the logging configuration sets for one of these loggers is kept, and so are the levels of Kafka's
 * clients and Kafka Streams.
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
    // Its WARN at every first start only says that a new cluster is new.
    private static final List<String> BROKER_ERRORS = List.of("org.apache.kafka.controller.QuorumController");
    private static final List<String> REGISTRY = List.of("io.javalin", "org.eclipse.jetty");

    /**
     * The broker's internal clients share a logger with those of the application, but have another message prefix. They
     * warn whenever they are closed, and while a killed broker restarts.
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
     * For a broker in a separate JVM: sends the log to standard error, because the parent process reads standard
     * output, and sets Logback's level to WARN if no configuration sets it (the default is DEBUG).
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
            return; // another logging backend has its own configuration
        }
        for (String name : loggers) {
            ch.qos.logback.classic.Logger logger = context.getLogger(name);
            if (logger.getLevel() == null && logger.getEffectiveLevel().levelInt < level.levelInt) {
                logger.setLevel(level);
            }
        }
    }
}
