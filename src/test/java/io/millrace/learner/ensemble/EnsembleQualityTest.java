package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.learner.ensemble.BenchmarkStream.Figures;
import io.millrace.learner.spec.EnsembleInputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How accurate an ensemble is on whole streams: {@code ./mvnw test -Pquality}. A stream that is not there is skipped, and named. */
@Tag("quality")
class EnsembleQualityTest {
    private static BenchmarkStream stream(String name) throws IOException {
        assumeThat(BenchmarkStream.file(name)).exists();
        return BenchmarkStream.read(name);
    }

    /**
     * The mean over the seeds from 1. The reference is {@code Quartet.java}, whose random numbers are others; with the same numbers, both agree
     * until rounding errors have grown ({@link EnsembleReferenceTest}). Seeds differ: those of covtype have a deviation of 0.0015, those of bikes
     * one of 0.04, in both programs.
     *
     * @param limit what the whole stream must reach
     * @param first what its first 2,000 examples must reach
     * @param reference mean of the reference over its seeds 1 to 3, of bikes over six
     */
    @ParameterizedTest
    @CsvSource({
        "elec2,             3, 0.961,  0.96, 0.9645, 0.001",
        "weather,           3, 0.808,  0.79, 0.8108, 0.001",
        "sea_abrupt,        3, 0.8905, 0.86, 0.8918, 0.001",
        "covtype_sample93k, 3, 0.780,  0.68, 0.7835, 0.001",
        "mnist_t10k,        3, 0.92,   0.84, 0.9241, 0.001",
        "bikes_toulouse,    8, 1.2,    1.35, 1.190,  0.03",
    })
    void shouldBeAsGoodAsTheReference(
            String name, int seeds, double limit, double first, double reference, double tolerance) throws IOException {
        BenchmarkStream stream = stream(name);
        double[] sums = new double[2];
        for (int seed = 1; seed <= seeds; seed++) {
            Figures figures = stream.figures(Design.of(EnsembleInputs.of(null, stream.features())), seed);
            System.out.println(name + ", seed " + seed + ": " + figures);
            sums[0] += figures.all();
            sums[1] += figures.first();
        }

        int sign = stream.regression() ? -1 : 1; // of an error, less is better
        assertThat(sign * sums[0] / seeds).isGreaterThanOrEqualTo(sign * limit);
        assertThat(sign * sums[1] / seeds).isGreaterThanOrEqualTo(sign * first);
        assertThat(sums[0] / seeds).isCloseTo(reference, within(tolerance));
    }

    /** First weights and ties depend on the order of the classes, and on nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"elec2", "weather", "covtype_sample93k"})
    void shouldNotDependOnTheOrderOfClasses(String name) throws IOException {
        BenchmarkStream stream = stream(name);
        List<float[]> permuted = new ArrayList<>();
        stream.targets().forEach(y -> permuted.add(new float[] {(y[0] + 1) % stream.classes()}));
        Design design = Design.of(EnsembleInputs.of(null, stream.features()));

        assertThat(new BenchmarkStream(name, stream.rows(), permuted, stream.classes())
                        .figures(design, 1)
                        .all())
                .isCloseTo(stream.figures(design, 1).all(), within(0.003));
    }
}
