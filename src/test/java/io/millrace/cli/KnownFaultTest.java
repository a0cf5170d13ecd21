package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.millrace.learner.state.OtherShapeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class KnownFaultTest {
    @Test
    void theLogOfTheDistributionShouldKeepStackTracesForFaultsOfTheProgram() throws Exception {
        assertThat(logged(new StreamsException(new TopicAuthorizationException(Set.of("examples")))))
                .contains("ERROR", "it failed")
                .doesNotContain("Exception", "\tat ");
        assertThat(logged(new StreamsException(new OtherShapeException("a", "b", ""))))
                .contains("ERROR", "it failed")
                .doesNotContain("Exception", "\tat ");
        assertThat(logged(new StreamsException(new IllegalStateException("a bug"))))
                .contains("it failed", "IllegalStateException: a bug", "\tat ");
    }

    private static String logged(Throwable fault) throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(
                Path.of("src", "main", "resources", "logback.xml").toFile());
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var console = (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
        ILoggingEvent event = new LoggingEvent("", root, Level.ERROR, "it failed", fault, null);
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
