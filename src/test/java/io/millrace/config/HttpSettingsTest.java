package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    @Test
    void shouldBeOffUnlessAPortIsSet() {
        assertThat(config().http()).isEmpty();
        assertThat(config("http.port", "8080").http())
                .hasValue(new HttpSettings("127.0.0.1", 8080, List.of(), null, null));
        assertThat(config("http.port", "0", "http.host", "0.0.0.0", "http.names", "a, b.c")
                        .http())
                .hasValue(new HttpSettings("0.0.0.0", 0, List.of("a", "b.c"), null, null));
    }

    @Test
    void shouldRefuseWhatIsNoPortOrName() {
        for (String port : List.of("-1", "65536", "http")) {
            assertThat(problems("http.port", port)).as(port).hasSize(1);
        }
        assertThat(problems("http.port", "1", "http.names", "a:80"))
                .singleElement()
                .asString()
                .contains("http.names");
        assertThat(problems("serve.http.port", "1"))
                .singleElement()
                .asString()
                .contains("is a setting of Millrace and applies to both roles");
    }

    @Test
    void shouldHideSecretsAndRefuseThoseThatProtectNothing() {
        HttpSettings settings = config(
                        "http.port",
                        "1",
                        "http.auth.user",
                        "ops",
                        "http.auth.password",
                        "hunter2",
                        "http.auth.token",
                        "hunter3",
                        "http.tls.keystore.location",
                        "file.p12",
                        "http.tls.keystore.password",
                        "hunter4")
                .http()
                .orElseThrow();
        assertThat(settings.credentials().password().value()).isEqualTo("hunter2");
        assertThat(settings.credentials().token().value()).isEqualTo("hunter3");
        assertThat(settings.tls().password().value()).isEqualTo("hunter4");
        assertThat(settings.toString()).contains("ops", "file.p12").doesNotContain("hunter");

        assertThat(problems("http.port", "1", "http.auth.user", "ops"))
                .containsExactly("Set both http.auth.user and http.auth.password, or neither.");
        assertThat(problems("http.port", "1", "http.tls.keystore.password", "x"))
                .containsExactly("Set both http.tls.keystore.location and http.tls.keystore.password, or neither.");
        assertThat(problems("http.auth.token", "x"))
                .containsExactly("http.auth.token has no effect without http.port.");
    }
}
