package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SequencesBenchTest {
    private static final String CONVOLUTION =
            "conv(24, 4, padding=causal) relu, conv(24, 4, padding=causal, dilation=4) relu, pool(4), flatten";

    /** Parameters, accuracy and accuracy of the last quarter by the network. */
    private static Map<String, double[]> figures(long examples, Map<String, String> settings) {
        StringWriter out = new StringWriter();
        new SequencesBench(examples, settings, new PrintWriter(out)).run();
        Map<String, double[]> figures = new LinkedHashMap<>();
        out.toString()
                .lines()
                .skip(1)
                .map(line -> line.split(" {2,}"))
                .forEach(parts -> figures.put(parts[0], new double[] {
                    Double.parseDouble(parts[1].replace(",", "")),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3])
                }));
        return figures;
    }

    @Test
    void shouldTellParametersAndAccuracyOfEachNetwork() {
        Map<String, double[]> figures = figures(400, Map.of());

        assertThat(figures)
                .containsOnlyKeys(
                        "logistic regression",
                        "dense(24) relu",
                        "dense(22) relu, dense(12) relu",
                        "dense(96) relu",
                        CONVOLUTION,
                        "lstm(24)");
        assertThat(figures.get("dense(24) relu")[0]).isEqualTo(128 * 24 + 24 + 24 * 2 + 2);
        assertThat(figures.values()).allSatisfy(each -> {
            assertThat(each[1]).isBetween(0.3, 0.7);
            assertThat(each[2]).isBetween(0.3, 0.7);
        });
    }

    @Test
    @Tag("quality")
    void orderShouldBeLearnedByNetworksOfSequencesOnly() {
        for (String seed : new String[] {"1", "2", "3"}) {
            Map<String, double[]> figures = figures(60_000, Map.of("model.seed", seed));

            assertThat(figures.get("logistic regression")[2]).isBetween(0.47, 0.53);
            assertThat(figures.get("dense(24) relu")[2]).isBetween(0.55, 0.8);
            assertThat(figures.get("dense(22) relu, dense(12) relu")[2]).isBetween(0.55, 0.8);
            for (String network : new String[] {CONVOLUTION, "lstm(24)"}) {
                assertThat(figures.get(network)[2]).isGreaterThan(0.95);
                assertThat(figures.get(network)[0]).isLessThan(figures.get("dense(24) relu")[0]);
            }
        }
    }
}
