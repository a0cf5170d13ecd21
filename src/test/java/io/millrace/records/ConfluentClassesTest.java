package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import io.confluent.kafka.schemaregistry.utils.JacksonMapper;
import org.junit.jupiter.api.Test;

/** What the build makes of the jar that carries Confluent's classes. */
class ConfluentClassesTest {
    @Test
    void shouldReadJsonWithTheJacksonOfThisBuild() {
        ObjectMapper mapper = JacksonMapper.INSTANCE;
        assertThat(mapper.version()).isEqualTo(PackageVersion.VERSION);
    }

    @Test
    void shouldBringNoCopiesOfOtherLibrariesAlong() {
        assertThat(getClass().getResource("/org/apache/pinot/shaded"))
                .as("from a build of before names were mapped back: ./mvnw clean")
                .isNull();
    }
}
