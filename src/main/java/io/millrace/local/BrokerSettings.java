package io.millrace.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kafka.server.KafkaConfig;

/** The configuration that makes a broker a one-node cluster which starts quickly. */
final class BrokerSettings {
    static final String CLIENT_LISTENER = "PLAINTEXT";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    /** The listener for clients with authentication; it exists if a socket is bound for it. */
    static final String SECURE_LISTENER = "SASL_SSL";

    static final int NODE_ID = 1;
    private static final Set<String> OWN = Set.of(
            "process.roles",
            "node.id",
            "controller.quorum.voters",
            "controller.listener.names",
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "log.dirs",
            "log.dir",
            "metadata.log.dir");

    private BrokerSettings() {}

    /**
     * The configuration of the node.
     *
     * @throws IllegalArgumentException if the overrides contain a setting on which the node depends
     */
    static KafkaConfig config(Path directory, BoundSockets sockets, Map<String, String> overrides) {
        for (String key : overrides.keySet()) {
            if (OWN.contains(key)) {
                throw new IllegalArgumentException(
                        "\"" + key + "\" cannot be overridden: the local broker sets it itself");
            }
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE_ID));
        // Voters are named in the configuration, not in the log, so that the controller may have another port after a
        // restart.
        settings.put("controller.quorum.voters", NODE_ID + "@" + sockets.address(CONTROLLER_LISTENER));
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        String forClients = CLIENT_LISTENER + "://" + sockets.address(CLIENT_LISTENER)
                + (sockets.has(SECURE_LISTENER)
                        ? "," + SECURE_LISTENER + "://" + sockets.address(SECURE_LISTENER)
                        : "");
        settings.put(
                "listeners", forClients + "," + CONTROLLER_LISTENER + "://" + sockets.address(CONTROLLER_LISTENER));
        settings.put("advertised.listeners", forClients);
        settings.put(
                "listener.security.protocol.map",
                CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT," + SECURE_LISTENER + ":SASL_SSL");
        settings.put("log.dirs", directory.toString());
        onOneNode(settings);
        small(settings);
        quick(settings);
        settings.put("auto.create.topics.enable", "false"); // a misspelt topic must be an error, not a new topic
        settings.putAll(overrides);
        return new KafkaConfig(settings, false);
    }

    private static void onOneNode(Map<String, String> settings) {
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
    }

    private static void small(Map<String, String> settings) {
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)); // 128 MB by default
        settings.put("log.cleaner.io.buffer.size", String.valueOf(256 << 10));
        // Index files are sparse where the file system allows it, and mapped: 10 MB each by default.
        settings.put("log.index.size.max.bytes", String.valueOf(1 << 20));
        settings.put("transaction.state.log.segment.bytes", String.valueOf(4 << 20));
        settings.put("offsets.topic.segment.bytes", String.valueOf(4 << 20));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
    }

    private static void quick(Map<String, String> settings) {
        settings.put("group.initial.rebalance.delay.ms", "0"); // 3 s by default, for groups with many members
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.fetch.timeout.ms", "1000");
        // A killed broker counts as alive for this long, 9 s by default, and its successor must wait.
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "500");
        settings.put("initial.broker.registration.timeout.ms", "30000");
        settings.put("num.recovery.threads.per.data.dir", "2");
    }
}
