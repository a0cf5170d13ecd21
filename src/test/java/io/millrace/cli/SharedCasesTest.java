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
            delimiter = '|',
            value = {
                "02-date-column/sensors.csv|classification|all 300 rows are damaged; the first: line 2: column \"time\" holds",
                "02-date-column/flags.csv|classification|all 300 rows are damaged; the first: line 2: column \"door_open\" holds",
                "02-date-column/price.csv|regression|all 300 rows are damaged; the first: line 2: column \"day\" holds",
                "03-locale/zeit.csv|classification|''",
                "06-no-header/flowers.data|classification|line 1",
                "07-decimal-comma/plain.csv|classification|''",
                "07-decimal-comma/unit.csv|classification|''",
                "09-blanks/spaced.csv|classification|''",
                "09-blanks/quoted.csv|classification|''",
                "09-blanks/nbsp.csv|classification|''",
                "09-blanks/numbers-nbsp.csv|classification|''",
                "09-blanks/suffix.csv|classification|line 2: column \"wait\" holds \"0d\"",
                "09-blanks/suffix-no-blank.csv|classification|line 2: column \"wait\" holds \"0d\"",
                "10-float-labels/grades.csv|classification|the classes \"1\" (first in line 8), \"1.0\" (first in line 509)",
                "10-float-labels/grades-clean.csv|classification|''",
                "18-long-class-names/reviews.csv|classification|names of the 800 classes in model.classes take 1.2 MB",
                "21-index-column/excel-sep.csv|classification|''",
                "21-index-column/index.csv|classification|''"
            })
    void shouldBeReadOrRefusedOrWarnedOf(String file, String task, String said) {
        Path csv = CASES.resolve(file);
        assumeThat(csv).exists();
        assertThat(said(csv, task)).contains(said).matches(all -> said.isEmpty() == all.isEmpty());
    }

    private static String said(Path csv, String task) {
        try {
            DemoStream stream = DemoStream.csv(csv, new DialectOptions(), null, task, Long.MAX_VALUE, List.of());
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
