package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UsersBenchTest {
    @Test
    void shouldTellTheAccuracyOfEachLearner() {
        StringWriter out = new StringWriter();
        new UsersBench(200, Map.of("model.hidden", "4"), new PrintWriter(out)).run();

        Map<String, Double> accuracy = out.toString()
                .lines()
                .map(line -> line.split(" {2,}"))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Double.valueOf(parts[1])));
        assertThat(accuracy)
                .containsOnlyKeys(
                        "best possible",
                        "no user",
                        "one-hot hashing, 8 inputs",
                        "one-hot hashing, 64 inputs",
                        "one-hot hashing, 512 inputs",
                        "logistic regression, one-hot of 131072",
                        "logistic regression, crossed by hand",
                        "embeddings, 8 inputs, 131072 rows",
                        "embeddings, 8 inputs, 1000000 rows");
        assertThat(accuracy.get("best possible")).isBetween(0.8, 0.95);
        assertThat(accuracy.values()).allSatisfy(each -> assertThat(each).isBetween(0.3, 0.95));
    }
}
