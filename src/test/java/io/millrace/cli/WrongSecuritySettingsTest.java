package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.local.SecuredCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told whose settings do not fit a cluster with TLS and logins. Secrets stay secret. */
@Tag("cluster")
class WrongSecuritySettingsTest {
    @TempDir
    static Path directory;

    private static SecuredUsers users;

    @BeforeAll
    static void start() throws Exception {
        users = new SecuredUsers(directory);
        users.createTopics();
    }

    @AfterAll
    static void stop() {
        users.close();
    }

    @Test
    void shouldSayThatTheRegistrysUserMayNotWrite() throws IOException {
        Map<String, String> settings = users.settings();
        settings.put("sasl.jaas.config", SecuredUsers.login("produce", SecuredUsers.password("produce")));
        settings.put("basic.auth.user.info", SecuredCluster.REGISTRY_READER + ":" + SecuredCluster.READER_PASSWORD);
        Path row = Files.writeString(directory.resolve("refused.csv"), "x,y,class\n0,0,no\n");

        Invocation refused =
                Invocation.of("produce", "--config", users.file("reader", settings), "--csv", row.toString());

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("The schema registry's user lacks a right")
                .doesNotContain("s3cret", "\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sasl.jaas.config | org.apache.kafka.common.security.scram.ScramLoginModule required username="train" password="s3cret-wrong"; | refuse the user or the password
            sasl.jaas.config | org.apache.kafka.common.security.scram.ScramLoginModule required username="train" password=s3cret wrong; | sasl.jaas.config cannot be used
            sasl.jaas.config | s3cret | sasl.jaas.config cannot be used
            sasl.jaas.config | NoSuchModule required password="s3cret"; | sasl.jaas.config
            sasl.jaas.config | <none> | sasl.jaas.config is not set
            sasl.mechanism | PLAIN | sasl.mechanism
            sasl.mechanism | SCRAM-SHA-256 | sasl.mechanism
            security.protocol | SASL_PLAINTEXT | security.protocol
            ssl.truststore.location | <none> | Correct ssl.truststore.location
            ssl.truststore.location | no-such-file.p12 | ssl.truststore.location
            ssl.truststore.password | s3cret-wrong | ssl.truststore.password
            bootstrap.servers | <plain> | security.protocol
            basic.auth.user.info | millrace:s3cret-wrong | basic.auth.user.info
            schema.registry.url | https://millrace:s3cret-wrong@<registry> | basic.auth.credentials.source is USER_INFO
            schema.registry.url | http://<registry> | schema.registry.url
            schema.registry.ssl.truststore.location | <none> | schema.registry.ssl.truststore.location
            schema.registry.ssl.truststore.location | no-such-file.p12 | schema.registry.ssl.truststore.location
            schema.registry.ssl.truststore.password | s3cret-wrong | schema.registry.ssl.truststore.password
            """)
    void shouldNameTheSettingThatIsWrong(String key, String value, String told) throws IOException {
        Map<String, String> settings = users.settings();
        settings.put("sasl.jaas.config", SecuredUsers.login("snapshot", SecuredUsers.password("snapshot")));
        settings.put("default.api.timeout.ms", "2000");
        settings.put("request.timeout.ms", "1000");
        settings.put("max.retries", "0");
        if (value.equals("<none>")) {
            settings.remove(key);
            settings.keySet().removeIf(other -> other.equals(key.replace("location", "password")));
            settings.keySet().removeIf(other -> other.endsWith("." + key) && key.startsWith("sasl"));
        } else {
            settings.put(
                    key,
                    value.replace("<plain>", users.cluster().plainBootstrapServers())
                            .replace("<registry>", users.cluster().registryAddress()));
        }

        Invocation refused = Invocation.of("snapshot", "--config", users.file("wrong", settings));

        assertThat(refused.exitCode()).isIn(1, 2);
        assertThat(refused.err())
                .startsWith("millrace: ")
                .contains(told)
                .doesNotContain("s3cret", "\tat ", "Exception");
    }
}
