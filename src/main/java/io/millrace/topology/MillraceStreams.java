package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.config.Topics;
import io.millrace.input.Inputs;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.ApplicationClients;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.FailFastProductionHandler;
import io.millrace.topology.cluster.LostTopic;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.cluster.TransientErrors;
import io.millrace.topology.history.BrokerExamplesTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.startup.ClusterCheck;
import io.millrace.topology.training.Changelogs;
import io.millrace.topology.training.IdleCommits;
import io.millrace.topology.training.TrainingClients;
import io.millrace.topology.training.UnfitState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the training application and the serving application, ready to start. */
public final class MillraceStreams {
    private static final Logger LOG = LoggerFactory.getLogger(MillraceStreams.class);

    private MillraceStreams() {}

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @return the training application, not started
     */
    public static KafkaStreams training(MillraceConfig config, AvroSerdes serdes) {
        return training(config, serdes, () -> {});
    }

    /** @param onOutgrown called before it stops because it must read the learning log instead of the examples */
    static KafkaStreams training(MillraceConfig config, AvroSerdes serdes, Runnable onOutgrown) {
        Topics topics = config.topics();
        prepareToWrite(serdes, topics.validationLosses(), new ValidationLoss(), false);
        prepareToWrite(serdes, topics.modelSnapshots(), new ModelSnapshotKey(), true);
        prepareToWrite(serdes, topics.modelSnapshots(), new ModelSnapshot(), false);
        Properties properties = StreamsProperties.training(config);
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailFastProductionHandler.class);
        ExamplesTopic examples = new BrokerExamplesTopic(config);
        IdleCommits commits = new IdleCommits(config);
        KafkaClientSupplier clients =
                new ApplicationClients(new TrainingClients(configured(properties), examples, commits));
        OutputTopic letters = OutputTopic.of(config.trainingClient(), topics.deadLetters());
        Topology topology =
                TrainingTopology.build(config, serdes, Inputs.of(config, serdes), examples, letters, commits);
        KafkaStreams streams = new KafkaStreams(topology, properties, clients);
        return prepared(config, streams, fault -> {
            if (!streams.state().isShuttingDown()
                    && ClusterCheck.forTraining(config).outgrown(fault)) {
                LOG.warn(
                        "{} has several partitions now: training goes on with the learning log {}",
                        topics.examples(),
                        topics.learningLog());
                onOutgrown.run();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            return Changelogs.mismatch(fault)
                    ? followPartitions(config)
                    : respond(streams, topics.learned(), List.of(letters), fault);
        });
    }

    /**
     * @param config checked configuration
     * @param serdes Avro serdes on its registry
     * @return the serving application, not started
     */
    public static KafkaStreams serving(MillraceConfig config, AvroSerdes serdes) {
        return serving(config, serdes, new LiveModel(config.modelName()));
    }

    /** @param liveModel receives the versions and answers */
    static KafkaStreams serving(MillraceConfig config, AvroSerdes serdes, LiveModel liveModel) {
        prepareToWrite(serdes, config.topics().predictions(), new Prediction(), false);
        OutputTopic answers =
                OutputTopic.of(config.servingClient(), config.topics().predictions());
        OutputTopic letters =
                OutputTopic.of(config.servingClient(), config.topics().deadLetters());
        Properties properties = StreamsProperties.serving(config);
        KafkaStreams streams = new KafkaStreams(
                ServingTopology.build(config, serdes, liveModel, Inputs.of(config, serdes), answers, letters),
                properties,
                new ApplicationClients(configured(properties)));
        return prepared(
                config,
                streams,
                fault -> respond(streams, config.topics().features(), List.of(answers, letters), fault));
    }

    private static KafkaClientSupplier configured(Properties properties) {
        return new StreamsConfig(properties).getKafkaClientSupplier();
    }

    /**
     * Registers the schema of a record before the start. If the registry goes away later, for instance before the first report, only
     * records with new schemas need it.
     *
     * @throws ClusterNotReadyException when the registry refuses the schema: what is learned could not be written
     */
    private static void prepareToWrite(AvroSerdes serdes, String topic, SpecificRecord record, boolean isKey) {
        try {
            serdes.prepareToWrite(topic, isKey, record);
        } catch (RegistryUnavailableException e) {
            LOG.warn("Topic {} cannot be written to yet: {}", topic, e.getMessage());
        } catch (SerializationException e) {
            throw new ClusterNotReadyException("Topic " + topic + " cannot be written to: " + e.getMessage() + ".", e);
        }
    }

    private static KafkaStreams prepared(
            MillraceConfig config, KafkaStreams streams, StreamsUncaughtExceptionHandler onFault) {
        KernelsProvider.warmUp(System::nanoTime); // while it joins its group and restores
        KernelsProvider.share(config.stepThreads());
        streams.setUncaughtExceptionHandler(onFault);
        return streams;
    }

    /**
     * Stops an application in order: commits, and leaves its group. Other instances take over at once, and a restart does not wait until
     * the session expires.
     *
     * @param streams one of the two applications
     * @param timeout how long to wait
     * @return whether the application ended in that time
     */
    public static boolean stop(KafkaStreams streams, Duration timeout) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(timeout));
    }

    /**
     * Adds partitions to the changelogs after partitions were added to the examples. The thread that assigns partitions ended because the
     * changelogs had fewer. The thread that replaces it finds them extended by this or another instance. If only that thread's metadata of
     * the examples was old, there is nothing to add.
     */
    private static StreamThreadExceptionResponse followPartitions(MillraceConfig config) {
        try {
            ClusterCheck.forTraining(config).followPartitions();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        } catch (ClusterNotReadyException e) {
            if (TransientErrors.sentence(e).isPresent()) {
                LOG.warn("{} Trying again with a new thread", e.getMessage());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            LOG.error("Stopping: {}", e.getMessage());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
    }

    /** After a transient fault, a new thread continues from the last commit. For any other fault the application stops, and the operator must act. */
    private static StreamThreadExceptionResponse respond(
            KafkaStreams streams, String read, List<OutputTopic> written, Throwable fault) {
        if (streams.state().isShuttingDown()) { // does not wait any more: the next start continues from the last commit
            LOG.info("Stopping without a last commit: {}", fault.getMessage());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        if (isRefusedRecord(fault) && refusedBy(written, fault)) {
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        Optional<String> refusal = AuthErrors.sentence(fault)
                .or(() -> UnfitState.sentence(fault))
                .or(() -> LostTopic.sentence(fault, read));
        if (refusal.isPresent()) {
            LOG.error("Stopping: {}", refusal.get());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        Optional<String> passing = TransientErrors.sentence(fault);
        if (passing.isPresent()) {
            LOG.warn("{}, trying again with a new thread", passing.get());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        LOG.error("Stopping: {}", fault.getMessage(), fault);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Whether the brokers refused a record. If they refuse several records of a batch, the first error may be another one than that of the
     * timestamp, and one error has no type.
     */
    private static boolean isRefusedRecord(Throwable fault) {
        return fault != null
                && (fault instanceof InvalidTimestampException
                        || fault instanceof InvalidRecordException
                        || fault instanceof RecordTooLargeException
                        || String.valueOf(fault.getMessage()).contains("part of a batch")
                        || isRefusedRecord(fault.getCause()));
    }

    private static boolean refusedBy(List<OutputTopic> written, Throwable fault) {
        Optional<String> topic = LostTopic.written(fault);
        boolean fits = false;
        for (OutputTopic each : written) {
            fits |= (topic.isEmpty() || topic.get().equals(each.name())) && each.refused();
        }
        return fits;
    }
}
