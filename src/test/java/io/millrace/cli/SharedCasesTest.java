package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.cli.csv.DialectOptions;
import io.millrace.cli.demo.DemoStream;
import io.millrace.config.MillraceConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that users came with: what is said of each before anything starts. Skipped where they are not at hand. */
class SharedCasesTest {
    private static final Path CASES = Path.of("../shared/cases");

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "02-date-column/sensors.csv ! time: time(hour), temp: number, load: number ! ''",
                "02-date-column/flags.csv ! temp: number, load: number, door_open: flag ! ''",
                "02-date-column/price.csv ! day: time(weekday|year), temp: number ! ''",
                "03-locale/zeit.csv ! 2 ! ''",
                "03-locale/größen.csv ! 2 ! ''",
                "06-no-header/flowers.data ! 3 ! line 1",
                "07-decimal-comma/plain.csv ! 2 ! ''",
                "07-decimal-comma/unit.csv ! 2 ! ''",
                "09-blanks/spaced.csv ! 2 ! ''",
                "09-blanks/quoted.csv ! 2 ! ''",
                "09-blanks/nbsp.csv ! 2 ! ''",
                "09-blanks/numbers-nbsp.csv ! 2 ! ''",
                "09-blanks/suffix.csv ! wait: category, load: number ! ''",
                "09-blanks/suffix-no-blank.csv ! wait: category, load: number ! ''",
                "10-float-labels/grades.csv ! 2 ! the classes \"1\" (first in line 8), \"1.0\" (first in line 509)",
                "10-float-labels/grades-clean.csv ! 2 ! ''",
                "18-long-class-names/reviews.csv ! '' ! names of the 800 classes in model.classes take 1.2 MB",
                "21-index-column/excel-sep.csv ! 2 ! ''",
                "21-index-column/index.csv ! 2 ! ''",
                "26-offset-target/y.csv ! 2 ! ''",
                "26-offset-target/y-offset.csv ! 2 ! ''"
            })
    void shouldBeReadOrRefusedOrWarnedOf(String file, String features, String said) {
        Path csv = CASES.resolve(file);
        assumeThat(csv).exists();
        String task = file.contains("price") || file.contains("target") ? "regression" : "classification";
        assertThat(said(csv, task)).contains(said).matches(all -> said.isEmpty() == all.isEmpty());
        Map<String, String> settings = read(csv, task).settings();
        if (!features.isEmpty()) {
            assertThat(settings).containsEntry(features.matches("[0-9]+") ? "model.inputs" : "features", features);
        }
    }

    private static DemoStream read(Path csv, String task) {
        return DemoStream.csv(csv, new DialectOptions(), null, task, Long.MAX_VALUE, List.of());
    }

    private static String said(Path csv, String task) {
        try {
            DemoStream stream = read(csv, task);
            Map<String, String> settings = new HashMap<>(stream.settings());
            settings.put("bootstrap.servers", "localhost:1");
            settings.put("schema.registry.url", "http://localhost:1");
            MillraceConfig.of(settings);
            return String.join("\n", stream.warnings());
        } catch (RuntimeException e) {
            return e.getMessage();
        }
    }
}
