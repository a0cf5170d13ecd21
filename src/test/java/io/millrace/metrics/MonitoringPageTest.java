package io.millrace.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.learner.input.BadInputCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/monitoring describes the metrics that there are, and its rules and its dashboard use no others. */
class MonitoringPageTest {
    private static final Path FOLDER = Path.of("docs", "monitoring");
    private static final Pattern TABLE = Pattern.compile("(?<=<!-- metrics -->\n).*(?=<!-- end -->)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("\\bmillrace_[a-z_]+(\\{[^}]*})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)[=!]~?\"");
    /** Those that Prometheus adds. */
    private static final Set<String> OF_A_SCRAPE = Set.of("job", "instance");

    @Test
    void shouldHaveATableOfAllMetrics() throws IOException {
        Path page = FOLDER.resolve("README.md");
        String text = Files.readString(page);
        String expected = TABLE.matcher(text).replaceFirst(Matcher.quoteReplacement(table()));
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, expected);
        }

        assertThat(page)
                .as("generated from the code; update it with mvn test -Dtest=MonitoringPageTest -Ddocs.update=true")
                .content()
                .isEqualTo(expected)
                .contains("<!-- metrics -->\n" + table());
    }

    private static String table() {
        return Families.ALL.stream()
                .map(family -> String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s | %s | `%s` |\n",
                        family.name(),
                        family.type() == Family.Type.STATE
                                ? "gauge"
                                : family.type().name().toLowerCase(Locale.ROOT),
                        family.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", ")),
                        family.help(),
                        family.value()))
                .collect(Collectors.joining(
                        "", "| metric | type | labels | what | in JMX |\n| --- | --- | --- | --- | --- |\n", ""));
    }

    @Test
    void shouldExplainEachCauseOfBadInput() throws IOException {
        assertThat(Files.readString(FOLDER.resolve("README.md")))
                .contains(Arrays.stream(BadInputCause.values())
                        .map(cause -> "| `" + cause.code() + "` | ")
                        .toList());
    }

    @Test
    void shouldExplainEachAlert() throws IOException {
        List<String> alerts =
                rules().stream().map(rule -> rule.get("alert").asText()).toList();

        assertThat(alerts).hasSizeGreaterThan(5);
        assertThat(Files.readString(FOLDER.resolve("README.md")))
                .contains(alerts.stream().map(alert -> "| `" + alert + "` | ").toList());
    }

    @Test
    void shouldUseInItsRulesOnlyWhatThereIs() throws IOException {
        assertThat(rules()).allSatisfy(rule -> requireKnown(rule.get("expr").asText()));
    }

    private static List<JsonNode> rules() throws IOException {
        return new YAMLMapper()
                .readTree(FOLDER.resolve("alerts.yml").toFile())
                .at("/groups/0/rules")
                .valueStream()
                .toList();
    }

    @Test
    void shouldUseInItsDashboardOnlyWhatThereIs() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
        List<String> queries = dashboard.findValuesAsText("expr");

        assertThat(queries).hasSizeGreaterThan(20).allSatisfy(MonitoringPageTest::requireKnown);
        assertThat(dashboard.get("panels").findValuesAsText("title")).doesNotHaveDuplicates();
        String all = String.join("\n", queries);
        assertThat(Families.ALL)
                .allSatisfy(
                        family -> assertThat(all).containsPattern("\\b" + family.name() + "(_sum|_count|_bucket)?\\{"));
    }

    /** Fails for a metric that there is not, and for a label that it has not. */
    private static void requireKnown(String query) {
        Map<String, Family> bySeries = Families.ALL.stream()
                .flatMap(family -> family.series().stream().map(series -> Map.entry(series, family)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<MatchResult> used = NAME.matcher(query).results().toList();
        assertThat(used).as(query).isNotEmpty();
        for (MatchResult found : used) {
            String name = found.group().replaceFirst("\\{.*", "");
            assertThat(bySeries).as(query).containsKey(name);
            String selector = found.group(1) == null ? "" : found.group(1);
            assertThat(LABEL.matcher(selector).results().map(label -> label.group(1)))
                    .as(query)
                    .allMatch(label -> OF_A_SCRAPE.contains(label)
                            || bySeries.get(name).labels().contains(label));
        }
    }

    @Test
    void shouldHaveRulesThatPrometheusAcceptsAndThatFire(@TempDir Path folder) throws Exception {
        Files.copy(FOLDER.resolve("alerts.yml"), folder.resolve("alerts.yml"));
        Files.copy(Path.of("src", "test", "resources", "alerts-test.yml"), folder.resolve("alerts-test.yml"));

        assertThat(Promtool.run(folder, "", "check", "rules", "alerts.yml")).contains("SUCCESS");
        assertThat(Promtool.run(folder, "", "test", "rules", "alerts-test.yml")).contains("SUCCESS");
    }
}
