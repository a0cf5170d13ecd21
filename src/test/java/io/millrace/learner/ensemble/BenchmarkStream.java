package io.millrace.learner.ensemble;

import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * One of the streams of {@code docs/benchmarks.md}: numbers, and the class or the target in the last column.
 *
 * @param rows features, in the order of the file
 * @param targets classes from 0, in the order of their numbers, or targets
 * @param classes number of classes; 0 for a regression
 */
public record BenchmarkStream(String name, List<float[]> rows, List<float[]> targets, int classes) {
    /** All of them; the last has targets. */
    static final List<String> NAMES =
            List.of("elec2", "weather", "sea_abrupt", "covtype_sample93k", "mnist_t10k", "bikes_toulouse");

    /** The accuracy or the mean absolute error, over all examples and over the first 2,000, and the mean loss. */
    record Figures(double all, double first, double loss) {}

    /** Where a stream is, if it is there. */
    public static Path file(String name) {
        return Path.of(System.getProperty("basedir", ""), "../shared/data", name + ".csv.gz");
    }

    static BenchmarkStream read(String name) throws IOException {
        List<float[]> rows = new ArrayList<>();
        List<float[]> targets = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file(name))), StandardCharsets.US_ASCII))) {
            lines.readLine(); // the header
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(",");
                float[] row = new float[fields.length - 1];
                for (int j = 0; j < row.length; j++) {
                    row[j] = Float.parseFloat(fields[j]);
                }
                rows.add(row);
                targets.add(new float[] {Float.parseFloat(fields[row.length])});
            }
        }
        return new BenchmarkStream(name, rows, targets, name.equals("bikes_toulouse") ? 0 : number(targets));
    }

    /** Replaces classes by their numbers, in order. */
    private static int number(List<float[]> targets) {
        List<Float> classes =
                targets.stream().map(y -> y[0]).distinct().sorted().toList();
        targets.forEach(y -> y[0] = classes.indexOf(y[0]));
        return classes.size();
    }

    boolean regression() {
        return classes == 0;
    }

    int features() {
        return rows.get(0).length;
    }

    LearnerSpec spec(long seed) {
        Specs specs = regression() ? Specs.regression(1) : Specs.classification();
        return specs.shape(features(), 1, Math.max(1, classes))
                .reports(Integer.MAX_VALUE)
                .seed(seed)
                .build();
    }

    /** Learns the stream; each example is predicted before. */
    Figures figures(Design design, long seed) {
        EnsembleLearner learner = new EnsembleLearner(spec(seed), design, report -> {});
        double first = 0;
        for (int i = 0; i < rows.size(); i++) {
            learner.learn(rows.get(i), targets.get(i), 1, i);
            if (i == 1999) {
                first = metric(learner);
            }
        }
        return new Figures(metric(learner), first, learner.score().loss());
    }

    private double metric(EnsembleLearner learner) {
        return learner.score().metrics().get(regression() ? "mae" : "accuracy");
    }
}
