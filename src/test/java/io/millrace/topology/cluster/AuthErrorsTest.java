package io.millrace.topology.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.records.RegistryUnavailableException;
import java.io.IOException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthErrorsTest {
    @Test
    void shouldFindARefusalBehindOtherFaults() {
        Throwable refusal = new TopicAuthorizationException(Set.of("secret-plans"));

        assertThat(AuthErrors.sentence(new StreamsException(new IllegalStateException(refusal))))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("the topic secret-plans."));
    }

    @ParameterizedTest
    @CsvSource({"401, refuses the user or the password", "403, lacks a right"})
    void shouldTakeARegistrysRefusalForFinal(int status, String told) {
        Throwable refusal = new RegistryUnavailableException("no", new RestClientException("no", status, status));

        assertThat(AuthErrors.sentence(new StreamsException(refusal)))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(told, "basic.auth.user.info"));
    }

    @Test
    void shouldLeaveOtherFaultsAlone() {
        assertThat(AuthErrors.sentence(new RegistryUnavailableException("away", new IOException("away"))))
                .isEmpty();
        assertThat(AuthErrors.sentence(new RegistryUnavailableException("no", new RestClientException("no", 503, 503))))
                .isEmpty();
        assertThat(AuthErrors.sentence(new IllegalArgumentException("a size of -1")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unable to find valid certification path to requested target | ssl.truststore.location
            No subject alternative names matching IP address 127.0.0.1 found | bootstrap.servers
            Unsupported or unrecognized SSL message | security.protocol
            Received fatal alert: bad_certificate | ssl.keystore.location
            """)
    void shouldNameWhatMendsTls(String message, String setting) {
        Throwable fault = new SslAuthenticationException("SSL handshake failed", new SSLHandshakeException(message));

        assertThat(AuthErrors.sentence(fault))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(message, setting));
    }
}
