package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The requests of docs/http.md have the answers that stand there. */
class HttpPageTest {
    private static final Path PAGE = Path.of("docs/http.md");
    private static final Pattern EXAMPLE = Pattern.compile(
            "```sh\ncurl localhost:8080(\\S+)(?: -d '([^']+)')?\n```\n\n```json\n(.*?)\n```", Pattern.DOTALL);

    @Test
    void everyRequestShouldHaveItsAnswer() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains("features = " + ServedModels.FEATURES);
        List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
        assertThat(examples)
                .hasSize((int) Pattern.compile("```sh").matcher(page).results().count());
        try (HttpServer server = HttpServer.start(
                "127.0.0.1",
                0,
                List.of(),
                List.of(new HealthRoutes("1", () -> null, () -> null), new InferenceRoutes(ServedModels.ofOrders())))) {
            Asking asking = new Asking(server.port());
            for (MatchResult example : examples) {
                Asking.Answer answer = example.group(2) == null
                        ? asking.get(example.group(1))
                        : asking.post(example.group(1), example.group(2));
                assertThat(answer.json())
                        .as("%s: %s", example.group(), answer.json())
                        .isEqualTo(new ObjectMapper().readTree(example.group(3)));
            }
        }
    }
}
