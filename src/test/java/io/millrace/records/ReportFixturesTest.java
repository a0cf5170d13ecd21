package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.FieldReport;
import io.millrace.avro.LabelReport;
import io.millrace.avro.TargetPair;
import io.millrace.avro.ValidationLoss;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports stay in their topic for years: {@code fixtures/reports/1.avro} was written before they said anything of classes and fields. */
class ReportFixturesTest {
    private static final Path BEFORE_DETAILS = Path.of("src/test/resources/fixtures/reports/1.avro");

    @BeforeEach
    void trust() {
        TrustedRecords.trust();
    }

    private static ValidationLoss read() throws IOException {
        try (DataFileReader<ValidationLoss> in =
                new DataFileReader<>(BEFORE_DETAILS.toFile(), new SpecificDatumReader<>(ValidationLoss.class))) {
            return in.next();
        }
    }

    private static Schema former() throws IOException {
        try (DataFileReader<GenericRecord> in =
                new DataFileReader<>(BEFORE_DETAILS.toFile(), new GenericDatumReader<>())) {
            return in.getSchema();
        }
    }

    @Test
    void shouldReadAReportWithoutDetails() throws IOException {
        ValidationLoss report = read();
        assertThat(report.getExamples()).isEqualTo(128);
        assertThat(report.getMetrics()).isEqualTo(Map.of("accuracy", 0.75));
        assertThat(report.getHoldoutLoss()).isEqualTo(0.25);
        assertThat(report.getExperts()).containsExactly(new ExpertReport("swift", 0.5, 0.75));
        assertThat(report.getClasses()).isEmpty();
        assertThat(report.getConfusion()).isEmpty();
        assertThat(report.getLabels()).isEmpty();
        assertThat(report.getPairs()).isEmpty();
        assertThat(report.getFields()).isEmpty();
    }

    /** With the schema that the reader was built with. */
    @Test
    void aReaderFromBeforeShouldReadAReportWithDetails() throws IOException {
        ValidationLoss report = ValidationLoss.newBuilder(read())
                .setClasses(List.of("no", "yes"))
                .setConfusion(List.of(1, 2, 3, 4))
                .setLabels(List.of(new LabelReport(1, 2, 3, 4)))
                .setPairs(List.of(new TargetPair(List.of(1.0), List.of(2.0))))
                .setFields(List.of(new FieldReport("plan", 0.5, "plan=free", 1.0, null, null, 0.25)))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(ValidationLoss.class).write(report, encoder);
        encoder.flush();

        GenericRecord seen = new GenericDatumReader<GenericRecord>(ValidationLoss.getClassSchema(), former())
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        assertThat(seen.get("examples")).isEqualTo(128L);
        assertThat(seen.get("holdoutLoss")).isEqualTo(0.25);
        assertThat(seen.hasField("confusion")).isFalse();
    }
}
