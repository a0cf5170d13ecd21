package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.learner.input.Standardizer;
import java.nio.file.Path;

/** A golden case of format golden-standardizer-1: mean, variance and scaled row after each row. */
public final class GoldenStandardizerCase {
    private static final double TOLERANCE = 1e-6;

    private GoldenStandardizerCase() {}

    /**
     * @param golden the parsed file
     * @param folder the file's folder
     */
    public static void verify(JsonNode golden, Path folder) {
        JsonNode steps = golden.path("steps");
        assertThat(steps).as("steps").isNotEmpty();
        Standardizer standardizer = new Standardizer(steps.get(0).path("x").size(), 0);
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            double[] row = doubles(step.path("x"));
            standardizer.update(row);
            standardizer.scale(row);
            assertThat(standardizer.means())
                    .as("means after row %d", i)
                    .containsExactly(doubles(step.path("mean")), within(TOLERANCE));
            assertThat(standardizer.variances())
                    .as("variances after row %d", i)
                    .containsExactly(doubles(step.path("var")), within(TOLERANCE));
            assertThat(row).as("scaled row %d", i).containsExactly(doubles(step.path("z")), within(TOLERANCE));
        }
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }
}
