package io.millrace.cli.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of text, dates, gaps and large numbers become fields of a record, and its declaration says what they are. */
class FileRecordTest {
    private static final String[] PLANS = {"free", "pro", "old plan"};

    @TempDir
    Path directory;

    private static String row(int i) {
        return String.join(
                ";",
                String.valueOf(i),
                String.format(java.util.Locale.ROOT, "%02d.03.2024 12:00", 1 + i % 28),
                i % 5 == 0 ? "" : (i % 13) + ",5",
                PLANS[i % 3],
                "m" + i % 40,
                i % 7 < 3 ? "Yes" : "no",
                String.valueOf(1709251200000L + i * 60_000L),
                String.valueOf(7_000_000_000L + i % 11),
                "EUR",
                "the order " + i + " was late",
                i * 31 % 11 < 5 ? "low" : "high");
    }

    private CsvColumns columns(String task, List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(
                List.of(";day;Preis, \u20ac;plan;H\u00e4ndler;new?;at;user id;currency;note;gr\u00f6\u00dfe"));
        lines.addAll(rows);
        Path file = Files.write(directory.resolve("2024 orders.csv"), lines);
        return CsvColumns.survey(file, null, task, new DialectOptions(), Long.MAX_VALUE);
    }

    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(row(i));
        }
        return rows;
    }

    @Test
    void shouldDeclareWhatIsInTheColumns() throws IOException {
        CsvColumns columns = columns("classification", rows());
        assertThat(columns.numeric()).isFalse();
        assertThat(columns.record().features())
                .isEqualTo("day: time(hour|weekday), Preis?: number, plan: oneof(free|'old plan'|pro),"
                        + " Handler: category, new: flag, at: time(hour), user_id: category, note: words");
        assertThat(columns.record().label()).isEqualTo("grosse");
    }

    @Test
    void shouldMakeARecordThatAvroTakes() throws IOException {
        FileRecord record = columns("classification", rows()).record();
        Schema schema = new Schema.Parser().parse(record.example().toString());
        assertThat(schema.getFullName()).isEqualTo("io.millrace.demo._2024_orders");
        assertThat(schema.getField("Preis").schema().toString()).isEqualTo("[\"null\",\"double\"]");
        assertThat(schema.getField("Preis").doc()).isEqualTo("Preis, \u20ac");
        assertThat(schema.getField("day").schema().getLogicalType().getName()).isEqualTo("timestamp-millis");
        assertThat(schema.getField("grosse").schema().getType()).isEqualTo(Schema.Type.STRING);
        assertThat(record.request().getFields())
                .hasSize(schema.getFields().size() - 1)
                .noneMatch(field -> field.name().equals("grosse"));
    }

    @Test
    void shouldMakeARecordOfEachRow() throws IOException {
        CsvColumns columns = columns("classification", rows());
        List<LabelledRow> rows = new ArrayList<>();
        try (CsvTable table = columns.open()) {
            table.forEach(rows::add);
        }
        assertThat(rows).hasSize(300).allMatch(row -> row.fault() == null);
        GenericRecord record = rows.get(0).record();
        assertThat(record.get("day"))
                .isEqualTo(Instant.parse("2024-03-01T12:00:00Z").toEpochMilli());
        assertThat(record.get("Preis")).isNull();
        assertThat(rows.get(1).record().get("Preis")).isEqualTo(1.5);
        assertThat(record.get("plan")).isEqualTo("free");
        assertThat(record.get("new")).isEqualTo(true);
        assertThat(record.get("at")).isEqualTo(1709251200000L);
        assertThat(record.get("user_id")).isEqualTo("7000000000");
        assertThat(record.get("grosse")).isEqualTo("low");
        assertThat(GenericData.get().validate(columns.record().example(), record))
                .isTrue();
        GenericRecord request = columns.record().request(record);
        assertThat(GenericData.get().validate(columns.record().request(), request))
                .isTrue();
        assertThat(request.get("plan")).isEqualTo("free");
    }

    @Test
    void shouldNameTheFaultOfARowThatIsNotAsTheOthers() throws IOException {
        List<String> rows = rows();
        rows.set(0, row(0).replace("01.03.2024 12:00", "31.02.2024 12:00"));
        rows.set(1, row(1).replace("1,5", "much"));
        rows.set(2, row(2).replace(";Yes;", ";;"));
        rows.set(3, row(3).replace("1709251380000", "1709251380000.5"));
        rows.set(4, "4;5");
        CsvColumns columns = columns("classification", rows);
        try (CsvTable table = columns.open()) {
            List<LabelledRow> read = new ArrayList<>();
            table.limited(6).forEachRemaining(read::add);
            assertThat(read)
                    .extracting(LabelledRow::fault)
                    .containsExactly(
                            "column \"day\" holds \"31.02.2024 12:00\", which is not a time like the others",
                            "column \"Preis, \u20ac\" holds \"much\", which is not a finite number",
                            null, // the column is optional then
                            "column \"at\" holds \"1709251380000.5\", which is not a time like the others",
                            "2 columns instead of 11",
                            null);
            assertThat(read.get(2).record().get("new")).isNull();
            assertThat(read.get(0).record()).isNull();
        }
    }

    @Test
    void targetsAreNumbers() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(row(i).replaceAll("(low|high)$", i == 7 ? "much" : i * i + ",25"));
        }
        CsvColumns columns = columns("regression", rows);
        try (CsvTable table = columns.open()) {
            List<LabelledRow> read = new ArrayList<>();
            table.forEach(read::add);
            assertThat(read.get(3).record().get("grosse")).isEqualTo(9.25);
            assertThat(read.get(7).fault())
                    .isEqualTo("the label, column \"gr\u00f6\u00dfe\", holds \"much\", which is not a finite number");
        }
    }

    @Test
    void namesShouldBeValidAndDistinct() {
        assertThat(AvroNames.of(List.of("", "a b", "a-b", "1990s", "\u00e9t\u00e9", "\u65e5\u4ed8", "_x", "a_b_2")))
                .containsExactly("column_1", "a_b", "a_b_2", "_1990s", "ete", "column_6", "x", "a_b_2_2");
    }
}
