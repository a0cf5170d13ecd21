package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.config.MillraceConfig;
import io.millrace.local.SecuredCluster;
import io.millrace.local.WatchedAuthorizer;
import io.millrace.local.WatchedAuthorizer.Asked;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The commands on a cluster with TLS, logins and least rights; what a user without them is told, and that secrets stay secret. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecurityTest {
    @TempDir
    static Path directory;

    private static SecuredUsers users;
    private static SecuredCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        users = new SecuredUsers(directory);
        cluster = users.cluster();
    }

    @AfterAll
    static void stop() {
        users.close();
    }

    /** What an auditor needs: connections, and nothing about the model; a registry's user who may not write. */
    private static String auditorsFile() throws IOException {
        Map<String, String> settings = users.settings();
        settings.keySet().removeIf(key -> key.startsWith("model.") || key.matches("(train|serve)\\..*"));
        settings.put(
                "sasl.jaas.config",
                SecuredUsers.login("verify", "${file:" + directory.resolve("secrets.properties") + ":verify}"));
        settings.put("basic.auth.user.info", SecuredCluster.REGISTRY_READER + ":" + SecuredCluster.READER_PASSWORD);
        return users.file("verify", settings);
    }

    /** What somebody needs who looks; the registry's user may not write. */
    private static String watchersFile() throws IOException {
        Map<String, String> settings = users.settings();
        settings.put(
                "sasl.jaas.config",
                SecuredUsers.login("watch", "${file:" + directory.resolve("secrets.properties") + ":watch}"));
        settings.put("basic.auth.user.info", SecuredCluster.REGISTRY_READER + ":" + SecuredCluster.READER_PASSWORD);
        settings.put("request.timeout.ms", "2000");
        return users.file("watch", settings);
    }

    @Test
    @Order(1)
    void shouldDoEverythingWithTheRightsOfThePage() throws Exception {
        users.createTopics();
        Map<String, String> settings = users.settings();
        settings.put("application.id", "millrace");
        settings.put("train.sasl.jaas.config", SecuredUsers.login("train", "${env:TRAIN_PASSWORD}"));
        settings.putAll(SecuredUsers.http(directory));
        Path rows = Files.writeString(
                directory.resolve("rows.csv"),
                IntStream.range(0, 100)
                        .mapToObj(row -> row + ",0,yes\n")
                        .collect(Collectors.joining("", "x,y,class\n", "")));
        List<String> said = new ArrayList<>();
        try (ChildApplication child = ChildApplication.run(
                directory,
                settings,
                Map.of("TRAIN_PASSWORD", SecuredUsers.password("train")),
                List.of(
                        "-Dlogback.configurationFile=logback.xml",
                        "-Dmillrace.log.level=DEBUG",
                        "-Dmillrace.log.kafka.level=DEBUG"),
                "run")) {
            Invocation produced =
                    Invocation.of("produce", "--config", users.fileOf("produce"), "--csv", rows.toString());
            assertThat(produced.out()).as(produced.err()).contains("Sent 100 examples");
            Cluster.await("all to be learned", () -> shown(said).contains("100 examples learned"));
            sendGarbage();
            Invocation predicted = Invocation.of(
                    "predict", "--config", users.fileOf("predict"), "--csv", rows.toString(), "--drop", "class");
            assertThat(predicted.exitCode()).as(predicted.err()).isZero();
            Invocation verified = Invocation.of("verify", "--config", auditorsFile());
            assertThat(verified.exitCode()).as(verified.toString()).isZero();
            assertThat(verified.out()).contains(" = exactly offsets 0..");
            said.add(verified.toString());
            assertThat(metrics(child.output(), "Basic " + SecuredUsers.basic(SecuredUsers.HTTP_PASSWORD)))
                    .isEqualTo(200);
            assertThat(metrics(child.output(), "Bearer " + SecuredUsers.HTTP_TOKEN))
                    .isEqualTo(200);
            assertThat(metrics(child.output(), "Bearer " + SecuredUsers.HTTP_TOKEN.substring(1)))
                    .isEqualTo(401);
            try (Looking watch = new Looking("watch", "--terminal", "--config", watchersFile())) {
                watch.await(", 100 examples learned, loss ");
                Cluster.await("all rights to be used", () -> unused().isEmpty() || !child.isAlive());
                said.add(watch.shown());
            }
            said.add(produced.toString()
                    + predicted
                    + Invocation.of("describe", "--config", users.file("http", settings)));
            assertThat(child.terminate()).isEqualTo(143);
            said.add(child.output());
        }
        assertThat(unused()).isEmpty();
        assertThat(WatchedAuthorizer.asked().stream().filter(asked -> !asked.allowed()))
                .allMatch(asked -> asked.operation() == AclOperation.DESCRIBE_CONFIGS);
        assertThat(WatchedAuthorizer.asked().stream()
                        .filter(asked -> List.of("verify", "watch").contains(asked.user()))
                        .map(Asked::operation))
                .as("verify and watch write nothing")
                .containsOnly(AclOperation.READ, AclOperation.DESCRIBE);
        assertThat(said.get(said.size() - 1)).contains("DEBUG", "Stopped");
        SecuredUsers.secrets().forEach(secret -> assertThat(said).noneMatch(text -> text.contains(secret)));
    }

    /** Asks the HTTP server that a log tells of. */
    private static int metrics(String log, String authorization) throws Exception {
        Matcher told = Pattern.compile("HTTP at 127.0.0.1, port ([0-9]+)").matcher(log);
        assertThat(told.find()).as(log).isTrue();
        return HttpClient.newBuilder()
                .sslContext(SecuredCluster.trusting(directory))
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + told.group(1) + "/metrics"))
                                .header("Authorization", authorization)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static String shown(List<String> said) {
        try {
            Invocation shown = Invocation.of("snapshot", "--config", users.fileOf("snapshot"));
            said.add(shown.toString());
            return shown.out();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Right> unused() {
        List<Right> unused = new ArrayList<>(users.rights());
        unused.removeAll(rightsUsed(users.rights()));
        return unused;
    }

    private static List<Right> rightsUsed(List<Right> rights) {
        Set<Asked> asked = WatchedAuthorizer.asked();
        return rights.stream()
                .filter(right -> asked.stream().anyMatch(right::answers))
                .toList();
    }

    private static void sendExample() throws IOException {
        Path row = Files.writeString(directory.resolve("row.csv"), "x,y,class\n0,0,no\n");
        Invocation.of("produce", "--config", users.fileOf("produce"), "--csv", row.toString());
    }

    /** Bad records, for the dead letters of both roles. */
    private static void sendGarbage() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.plainBootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("millrace.examples", new byte[] {1}));
            producer.send(new ProducerRecord<>("millrace.features", new byte[] {1}));
        }
    }

    static List<Right> rightsOfTheRoles() {
        return users.rights().stream()
                .filter(right -> right.user().equals("train") || right.user().equals("serve"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rightsOfTheRoles")
    @Order(3)
    void shouldStopAndSayWhichRightIsMissing(Right missing) throws Exception {
        try (Admin admin = cluster.superUser()) {
            if (missing.operation() == AclOperation.CREATE) {
                Set<String> learned = admin.listTopics().names().get().stream()
                        .filter(topic -> topic.startsWith(missing.name()) || topic.equals("millrace.model-snapshots"))
                        .collect(Collectors.toSet());
                admin.deleteTopics(learned).all().get(); // as before a first start
                users.createTopics();
            }
            change(admin, missing, false);
            try {
                if (missing.operation() == AclOperation.WRITE && missing.name().endsWith("-train-")) {
                    sendExample(); // what is not learned needs no checkpoint
                }
                Stopped stopped = run(missing.user(), users.settings());

                assertThat(stopped.exitCode()).isEqualTo(1);
                assertThat(stopped.said().replace("<application.id>", "millrace"))
                        .contains(missing.name().replaceFirst("-$", ""), "docs/security.md", "sasl.jaas.config")
                        .doesNotContain("Exception", "s3cret");
            } finally {
                change(admin, missing, true);
            }
        }
    }

    @Test
    @Order(4)
    void shouldStopWhenADeadLetterMayNotBeWritten() throws Exception {
        Right write = users.rights().stream()
                .filter(right -> right.user().equals("serve") && right.name().equals("millrace.dead-letters"))
                .findFirst()
                .orElseThrow();
        Right see = new Right("serve", write.type(), write.name(), write.pattern(), AclOperation.DESCRIBE);
        sendGarbage();
        try (Admin admin = cluster.superUser()) {
            change(admin, see, true);
            change(admin, write, false);
            Stopped stopped = run("serve", users.settings());
            change(admin, write, true);
            change(admin, see, false);

            assertThat(stopped.exitCode()).isEqualTo(1);
            assertThat(stopped.said())
                    .contains("The Kafka user lacks a right on the topic millrace.dead-letters.")
                    .doesNotContain("Exception");
        }
    }

    @Test
    @Order(5) // the rest knows one partition
    void shouldNameTheRightThatAddedPartitionsTake() throws Exception {
        Right alter =
                new Right("train", ResourceType.TOPIC, "millrace-train-", PatternType.PREFIXED, AclOperation.ALTER);
        String changelog = "millrace-train-learner-changelog";
        Map<String, String> replicas = new LinkedHashMap<>(users.settings());
        replicas.put("learn.scope", "partition");
        MillraceConfig config = MillraceConfig.of(replicas);
        try (Admin admin = cluster.superUser();
                AvroSerdes serdes = new AvroSerdes(config.registry())) {
            admin.createPartitions(Map.of("millrace.examples", NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            assertThat(run("train", users.settings()).said())
                    .contains("The Kafka user lacks a right on the topic millrace.learning-log.", "docs/security.md");
            Stopped stopped = run("train", replicas);

            assertThat(stopped.exitCode()).isEqualTo(1);
            assertThat(stopped.said())
                    .contains(
                            "The topic millrace.examples has 2 partitions",
                            "lacks the right Alter on the topic millrace-train-")
                    .contains("docs/security.md", "kafka-topics.sh --alter")
                    .doesNotContain("Exception", "s3cret");
            change(admin, alter, true);
            ClusterCheck.forTraining(config).prepare(serdes);
            assertThat(admin.describeTopics(List.of(changelog))
                            .allTopicNames()
                            .get()
                            .get(changelog)
                            .partitions())
                    .hasSize(2);
        }
    }

    @Test
    @Order(6)
    void shouldLearnOneModelFromSeveralPartitionsWithTheRightsOfThePage() throws Exception {
        List<Right> more = Right.ofSeveralPartitions();
        MillraceConfig config = MillraceConfig.of(users.settings());
        try (Admin admin = cluster.superUser();
                AvroSerdes serdes = new AvroSerdes(config.registry())) {
            forgetTraining(admin);
            admin.createTopics(List.of(new NewTopic("millrace.learning-log", 1, (short) 1)))
                    .all()
                    .get();
            for (Right right : more) {
                change(admin, right, true);
            }
            sendExample();
            WatchedAuthorizer.forget();
            MillraceConfig scoped = ClusterCheck.forTraining(config).scoped();
            ClusterCheck.forTraining(scoped).prepareLearning(serdes);
            Application training = Application.training(scoped, serdes);
            training.start();
            try {
                Cluster.await("a version", () -> shown(new ArrayList<>()).contains("examples learned"));
                try (Looking watch = new Looking("watch", "--terminal", "--config", watchersFile())) {
                    Cluster.await(
                            "watch to ask for the log",
                            () -> rightsUsed(more)
                                    .containsAll(more.stream()
                                            .filter(right -> right.user().equals("watch"))
                                            .toList()));
                }
            } finally {
                training.stop(Duration.ofSeconds(20));
            }
        }
        Invocation verified = Invocation.of("verify", "--sources", "--config", auditorsFile());
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(verified.out()).contains("sources: millrace.learning-log: ");
        assertThat(rightsUsed(more)).containsExactlyElementsOf(more);
        assertThat(WatchedAuthorizer.asked().stream().filter(each -> !each.allowed()))
                .allMatch(each -> each.operation() == AclOperation.DESCRIBE_CONFIGS);
    }

    /** As before a first start of training, on the examples that are there. */
    private static void forgetTraining(Admin admin) throws Exception {
        Set<String> learned = admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith("millrace-train-") || topic.equals("millrace.model-snapshots"))
                .collect(Collectors.toSet());
        admin.deleteTopics(learned).all().get();
        Set<String> groups = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(group -> group.equals("millrace-train"))
                .collect(Collectors.toSet());
        admin.deleteConsumerGroups(groups).all().get();
        users.createTopics();
    }

    static List<Right> rightsOfVerify() {
        return users.rights().stream()
                .filter(right -> right.user().equals("verify"))
                .toList();
    }

    /** Without any right on the topic, and with the right to see it but not to read it. */
    @ParameterizedTest
    @MethodSource("rightsOfVerify")
    @Order(2) // before the versions are deleted
    void shouldNotVerifyWithoutARightAndSayWhich(Right missing) throws Exception {
        Right see = new Right("verify", missing.type(), missing.name(), missing.pattern(), AclOperation.DESCRIBE);
        try (Admin admin = cluster.superUser()) {
            change(admin, missing, false);
            Invocation blind = Invocation.of("verify", "--config", auditorsFile());
            change(admin, see, true);
            Invocation seeing = Invocation.of("verify", "--config", auditorsFile());
            change(admin, see, false);
            change(admin, missing, true);

            for (Invocation refused : List.of(blind, seeing)) {
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err())
                        .startsWith("millrace: The Kafka user lacks a right on the topic " + missing.name() + ".")
                        .contains("docs/security.md", "sasl.jaas.config")
                        .doesNotContain("Exception", "s3cret");
            }
        }
        assertThat(Invocation.of("verify", "--config", auditorsFile()).exitCode())
                .as("with it again")
                .isZero();
    }

    /** Without that on the predictions, one number is not known. */
    static List<Right> rightsOfWatch() {
        return users.rights().stream()
                .filter(right -> right.user().equals("watch") && !right.name().endsWith(".predictions"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rightsOfWatch")
    @Order(2) // while there are versions
    void shouldShowWhatTheUserMaySeeAndSayWhatIsMissing(Right missing) throws Exception {
        try (Admin admin = cluster.superUser()) {
            change(admin, missing, false);
            try {
                if (missing.operation() == AclOperation.READ) {
                    Invocation refused = Invocation.of("watch", "--terminal", "--config", watchersFile());
                    assertThat(refused.exitCode()).isEqualTo(1);
                    assertThat(refused.err())
                            .contains("millrace: The Kafka user lacks a right on the topic " + missing.name() + ".")
                            .doesNotContain("Exception", "s3cret");
                    return;
                }
                try (Looking watch = new Looking("watch", "--terminal", "--config", watchersFile())) {
                    watch.await(", 100 examples learned, loss ");
                    watch.await("The Kafka user lacks ");
                    assertThat(watch.shown()).contains(missing.name(), "lag not known");
                }
            } finally {
                change(admin, missing, true);
            }
        }
    }

    private static void change(Admin admin, Right right, boolean granted) throws Exception {
        AclBinding acl = right.binding();
        if (granted) {
            admin.createAcls(List.of(acl)).all().get();
        } else {
            admin.deleteAcls(List.of(acl.toFilter())).all().get();
        }
        Cluster.await("the broker to hear of it", () -> {
            try {
                return granted
                        != admin.describeAcls(acl.toFilter()).values().get().isEmpty();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private record Stopped(int exitCode, String said) {}

    /** Runs a role in this JVM until it gives up. */
    private static Stopped run(String role, Map<String, String> settings) throws IOException {
        String file = users.file("denied", settings);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.millrace");
        log.start();
        logger.addAppender(log);
        try {
            Invocation run = Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> Invocation.of("run", "--role", role, "--config", file));
            return new Stopped(
                    run.exitCode(),
                    run.err()
                            + log.list.stream()
                                    .map(event -> event.getFormattedMessage()
                                            + (event.getThrowableProxy() == null
                                                    ? ""
                                                    : event.getThrowableProxy().getClassName()))
                                    .collect(Collectors.joining("\n")));
        } finally {
            logger.detachAppender(log);
        }
    }
}
