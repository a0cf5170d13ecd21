package io.millrace.cli;

import io.millrace.config.MillraceConfig;
import io.millrace.local.SecuredCluster;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** A secured cluster and its users, with the example of docs/security.md as their configuration. */
final class SecuredUsers implements AutoCloseable {
    static final List<String> NAMES = List.of("train", "serve", "produce", "predict", "snapshot", "verify", "watch");

    static final String HTTP_PASSWORD = "http-s3cret-0005";
    static final String HTTP_TOKEN = "token-s3cret-0006";

    private final Path directory;
    private final SecuredCluster cluster;
    private final List<Right> rights = Right.documented();

    /** Starts the cluster, whose users have the rights of the page. */
    SecuredUsers(Path directory) throws Exception {
        this.directory = directory;
        cluster = SecuredCluster.start(directory);
        cluster.addUsers(NAMES.stream().collect(Collectors.toMap(user -> user, SecuredUsers::password)));
        try (Admin admin = cluster.superUser()) {
            admin.createAcls(rights.stream().map(Right::binding).toList()).all().get();
        }
    }

    SecuredCluster cluster() {
        return cluster;
    }

    List<Right> rights() {
        return rights;
    }

    static String password(String user) {
        return user + "-s3cret-0003";
    }

    static Stream<String> secrets() {
        return Stream.concat(
                NAMES.stream().map(SecuredUsers::password),
                Stream.of(
                        SecuredCluster.STORE_PASSWORD,
                        SecuredCluster.REGISTRY_PASSWORD,
                        SecuredCluster.READER_PASSWORD,
                        HTTP_PASSWORD,
                        HTTP_TOKEN,
                        basic(HTTP_PASSWORD),
                        "s3cret"));
    }

    /** What a client sends for the user ops, who has this password. */
    static String basic(String password) {
        return Base64.getEncoder().encodeToString(("ops:" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Settings of a protected server, in the directory of a secured cluster. */
    static Map<String, String> http(Path directory) {
        return Map.of(
                "http.port",
                "0",
                "http.auth.user",
                "ops",
                "http.auth.password",
                HTTP_PASSWORD,
                "http.auth.token",
                HTTP_TOKEN,
                "http.tls.keystore.location",
                directory.resolve("keystore.p12").toString(),
                "http.tls.keystore.password",
                SecuredCluster.STORE_PASSWORD);
    }

    static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** The example of docs/security.md: all secrets through config providers. */
    Map<String, String> settings() throws IOException {
        Path file = directory.resolve("secrets.properties");
        Files.write(
                file,
                Stream.concat(
                                NAMES.stream().map(user -> user + "=" + password(user)),
                                Stream.of(
                                        "store=" + SecuredCluster.STORE_PASSWORD,
                                        "registry=" + SecuredCluster.REGISTRY_PASSWORD))
                        .toList());
        Map<String, String> settings = Right.example(Map.of(
                "/etc/millrace", directory.toString(),
                "kafka.example.com:9093", cluster.bootstrapServers(),
                "registry.example.com:8081", cluster.registryAddress()));
        settings.put("compression.type", "zstd"); // pom.xml puts another zstd-jni in the place of Kafka's
        settings.put("model.inputs", "2");
        settings.put("model.classes", "no,yes");
        settings.put("model.hidden", "4");
        settings.put("validation.report.examples", "1");
        settings.put("commit.interval.ms", "100");
        settings.put("producer.transaction.timeout.ms", "2000"); // what gave up holds its partitions for so long
        settings.put("main.consumer.session.timeout.ms", "1500");
        settings.put("main.consumer.heartbeat.interval.ms", "300");
        settings.put("state.dir", directory.resolve("state").toString());
        return settings;
    }

    String file(String name, Map<String, String> settings) throws IOException {
        Path file = directory.resolve(name + ".properties");
        Files.write(
                file,
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        return file.toString();
    }

    /** A configuration of one user, by a file. */
    String fileOf(String user) throws IOException {
        Map<String, String> settings = settings();
        settings.put(
                "sasl.jaas.config",
                login(user, "${file:" + directory.resolve("secrets.properties") + ":" + user + "}"));
        return file(user, settings);
    }

    void createTopics() throws IOException {
        Map<String, String> settings = settings();
        settings.keySet().removeIf(key -> key.contains("sasl") || key.startsWith("ssl"));
        settings.put("security.protocol", "PLAINTEXT");
        settings.put("bootstrap.servers", cluster.plainBootstrapServers());
        MillraceConfig config = MillraceConfig.of(settings);
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
