package io.millrace.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/features.md says what the code does. */
class FeaturesPageTest {
    private static final Pattern EXAMPLE = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);

    private static String page() throws IOException {
        return Files.readString(Path.of("docs", "features.md"));
    }

    @Test
    void shouldDescribeEachTypeAsItDescribesItself() throws IOException {
        String page = page();

        for (FeatureDescription type : FeatureTypes.ALL) {
            assertThat(page)
                    .contains("| `" + type.usage().replace("|", "\\|") + "` | ")
                    .contains(" | " + type.sentence() + " |");
        }
    }

    @Test
    void shouldShowDeclarationsThatCanBeUsed() throws IOException {
        List<Properties> examples = EXAMPLE.matcher(page())
                .results()
                .map(found -> properties(found.group(1)))
                .toList();

        assertThat(examples).hasSizeGreaterThan(2);
        for (Properties example : examples) {
            assertThatCode(() -> Declaration.parse(
                            example.getProperty("value.format", "avro"),
                            example.getProperty("features"),
                            example.getProperty("label"),
                            example.getProperty("weight", ""),
                            example.getProperty("event.time", "")))
                    .doesNotThrowAnyException();
        }
    }

    private static Properties properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
