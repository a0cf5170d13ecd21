package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.csv.CsvTable;
import io.millrace.cli.csv.LabelledRow;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Rows that come through a pipe, and not all at once. */
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class PipesTest {
    @TempDir
    Path directory;

    /** What writes into a pipe. */
    interface Writer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    static Path pipe(Path directory, Writer writer) throws IOException, InterruptedException {
        Path pipe = Files.createTempFile(directory, "pipe", ".csv");
        Files.delete(pipe);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Thread thread = new Thread(() -> {
            try (OutputStream out = new FileOutputStream(pipe.toFile())) {
                writer.write(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return pipe;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldGiveARowWhenItHasComeWhateverComesNext() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Path pipe = pipe(directory, out -> {
            out.write(utf8("a,y\n1,yes\n2,no\n"));
            second.await();
            out.write(utf8("3,yes\n"));
        });
        try (CsvTable table = CsvTable.labelled(pipe, null)) {
            var rows = table.limited(3);
            assertThat(rows.next().features()).containsExactly(1);
            assertThat(rows.next().features()).containsExactly(2);
            second.countDown();
            assertThat(rows.next().features()).containsExactly(3);
            assertThat(rows.hasNext()).isFalse();
        }
    }

    /** Files that were compressed one by one and put together; Java's reader takes a pause between them for the end. */
    @Test
    void shouldReadAllOfGzipThatPauses() throws Exception {
        Path pipe = pipe(directory, out -> {
            for (String part : List.of("a,y\n1,yes\n", "2,no\n", "3,yes\n")) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                    gzip.write(utf8(part));
                }
                out.write(bytes.toByteArray());
                out.flush();
                TimeUnit.MILLISECONDS.sleep(200);
            }
        });
        List<LabelledRow> rows = new ArrayList<>();
        try (CsvTable table = CsvTable.labelled(pipe, null)) {
            table.forEach(rows::add);
        }
        assertThat(rows)
                .extracting(LabelledRow::features)
                .containsExactly(new float[] {1}, new float[] {2}, new float[] {3});
    }

    @Test
    void demoShouldSayWhyItNeedsAFile() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Invocation demo = Invocation.of("demo", "--csv", pipe.toString());
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err())
                .isEqualToIgnoringNewLines(
                        "millrace: " + pipe + " is a pipe or the like, which can be read once, and demo"
                                + " reads its file several times: to find what is in it, and to learn. Write it to a file first.");
    }

    @Test
    void anEmptyPipeShouldBeCalledEmpty() throws Exception {
        Path pipe = pipe(directory, out -> {});
        assertThatThrownBy(() -> CsvTable.unlabelled(pipe)).hasMessage(pipe + " is empty; it needs a header row.");
    }
}
