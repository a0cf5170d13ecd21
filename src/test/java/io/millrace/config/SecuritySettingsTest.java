package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecuritySettingsTest {
    private static final String JAAS = "some.LoginModule required password=\"s3cret\";";

    @Test
    void shouldRefuseALoginThatNobodyAsksFor() {
        assertThat(problems("sasl.jaas.config", JAAS))
                .containsExactly(
                        "sasl.jaas.config has no effect while security.protocol is PLAINTEXT: set security.protocol=SASL_SSL.");
        assertThat(problems("train.sasl.jaas.config", JAAS, "security.protocol", "SSL"))
                .containsExactly(
                        "train.sasl.jaas.config has no effect while security.protocol is SSL: set security.protocol=SASL_SSL.");
        assertThat(problems("ssl.truststore.location", "trusted.p12", "security.protocol", "SASL_PLAINTEXT"))
                .containsExactly("ssl.truststore.location has no effect while security.protocol is SASL_PLAINTEXT: set"
                        + " security.protocol=SSL or SASL_SSL.");
    }

    @Test
    void shouldTakeALoginOfOneRoleOrOfTheRegistry() {
        config("train.sasl.jaas.config", JAAS, "train.security.protocol", "sasl_ssl");
        config("sasl.jaas.config", JAAS, "basic.auth.credentials.source", "SASL_INHERIT");
        config("schema.registry.ssl.truststore.location", "trusted.p12");
    }

    @Test
    void shouldGiveEachRoleItsOwnLogin() {
        MillraceConfig config = config(
                "security.protocol", "SASL_SSL",
                "sasl.jaas.config", "both",
                "train.sasl.jaas.config", "train");

        assertThat(config.client()).containsEntry("sasl.jaas.config", "both");
        assertThat(config.trainingClient()).containsEntry("sasl.jaas.config", "train");
        assertThat(config.servingClient()).containsEntry("sasl.jaas.config", "both");
    }

    @Test
    void shouldTakeTheUserOutOfTheRegistrysUrl() {
        MillraceConfig config = config("schema.registry.url", "https://me:s3%40cret+%25@one:81,https://two/path@x");

        assertThat(config.schemaRegistryUrl()).isEqualTo("https://one:81,https://two/path@x");
        assertThat(config.registry())
                .containsEntry("schema.registry.url", "https://one:81,https://two/path@x")
                .containsEntry("basic.auth.credentials.source", "USER_INFO")
                .containsEntry("basic.auth.user.info", "me:s3@cret+%");
        assertThat(config("schema.registry.url", "https://me:100%@one").registry())
                .containsEntry("basic.auth.user.info", "me:100%");
    }

    @Test
    void shouldRefuseARegistrysUserWithoutEffect() {
        assertThat(problems("basic.auth.user.info", "me:s3cret"))
                .containsExactly("basic.auth.user.info has no effect while basic.auth.credentials.source is URL: set"
                        + " basic.auth.credentials.source=USER_INFO.");
        assertThat(problems("schema.registry.url", "https://me:s3cret@one,https://you:s3cret@two"))
                .containsExactly("The URLs in schema.registry.url name different users: name one.");
    }

    @Test
    void shouldNotRepeatAPasswordFromAUrlThatIsWrong() {
        assertThat(problems("schema.registry.url", "htps://me:s3cret@one").toString())
                .contains("htps://one", "must be http://")
                .doesNotContain("s3cret");
    }

    @Test
    void shouldRefuseTokensThatTheRegistrysClientCannotFetch() {
        assertThat(problems("bearer.auth.credentials.source", "OAUTHBEARER"))
                .singleElement()
                .asString()
                .contains("bearer.auth.credentials.source=OAUTHBEARER is not possible", "Use STATIC_TOKEN");
        config("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken");
    }
}
