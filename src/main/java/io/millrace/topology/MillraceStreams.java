package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.RegistryUnavailableException;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the two applications, ready to start. */
public final class MillraceStreams {
    private static final Logger LOG = LoggerFactory.getLogger(MillraceStreams.class);

    /** How long a task waits for the registry; less than an open transaction may last. */
    static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(5);

    private MillraceStreams() {}

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @return the training application, not started
     */
    public static KafkaStreams training(MillraceConfig config, AvroSerdes serdes) {
        return streams(TrainingTopology.build(config, serdes), StreamsProperties.training(config));
    }

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @return the serving application, not started
     */
    public static KafkaStreams serving(MillraceConfig config, AvroSerdes serdes) {
        return streams(ServingTopology.build(config, serdes), StreamsProperties.serving(config));
    }

    private static KafkaStreams streams(Topology topology, Properties properties) {
        KafkaStreams streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(MillraceStreams::respond);
        return streams;
    }

    /**
     * Stops an application in order: commits, and leaves its group, so that others take over at once and a restart need not wait
     * for the session to run out.
     *
     * @param streams one of the two applications
     * @param timeout how long to wait
     */
    public static void stop(KafkaStreams streams, Duration timeout) {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(timeout));
    }

    /** A registry that is away comes back: a new thread takes the record up again. Anything else is for the operator. */
    private static StreamThreadExceptionResponse respond(Throwable fault) {
        Optional<String> refusal = AccessFault.sentence(fault);
        if (refusal.isPresent()) {
            LOG.error("Stopping: {}", refusal.get());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryUnavailableException) {
                LOG.warn("The schema registry cannot be reached, trying again: {}", cause.getMessage());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
        LOG.error("Stopping: {}", fault.getMessage(), fault);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
