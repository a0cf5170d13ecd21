package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationReferenceTest {
    private static final Path FILE = Path.of(System.getProperty("basedir", ""), "docs", "configuration.md");

    @Test
    void shouldMatchTheCommittedPage() throws IOException {
        String markdown = ConfigurationReference.markdown();
        if (Boolean.getBoolean("docs.update")) {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, markdown);
        }

        assertThat(FILE)
                .as(
                        "generated from the settings; update it with mvn test -Dtest=ConfigurationReferenceTest -Ddocs.update=true")
                .exists()
                .content()
                .isEqualTo(markdown);
    }

    @Test
    void shouldDescribeEverySetting() {
        String markdown = ConfigurationReference.markdown();

        assertThat(Settings.ALL.definition().names())
                .allSatisfy(name -> assertThat(markdown).contains("| `" + name + "` |"));
        assertThat(Settings.ALL.definition().configKeys().values())
                .allSatisfy(key -> assertThat(key.documentation).as(key.name).endsWith("."));
        assertThat(markdown).doesNotContain("@", "null", "Lambda");
    }
}
