package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The bytes of a file, gzip or plain, or of a pipe or standard input. */
public final class CsvSource {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int ZIP_MAGIC = 0x504b;
    private static final Set<String> STANDARD_INPUT = Set.of("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0");

    private CsvSource() {}

    /** Opens a file, a pipe or standard input ({@code /dev/stdin}). */
    public static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(bytes(file), 1 << 16);
        in.mark(4);
        int magic = in.read() << 8 | in.read();
        boolean zip = magic == ZIP_MAGIC && in.read() == 3 && in.read() == 4;
        in.reset();
        if (zip) {
            in.close();
            throw new UsageException(
                    file
                            + " is a ZIP file, like the files of spreadsheets (.xlsx, .ods). Save it as CSV there, or unpack it.");
        }
        return magic == GZIP_MAGIC ? new GZIPInputStream(new Waiting(in), 1 << 16) : in;
    }

    private static InputStream bytes(Path file) throws IOException {
        if (!once(file)) {
            return Files.newInputStream(file);
        }
        // a channel needs a position, which a pipe does not have; a socket cannot be opened by name
        return STANDARD_INPUT.contains(file.toString())
                ? new FileInputStream(FileDescriptor.in)
                : new FileInputStream(file.toFile());
    }

    /** Whether it can be read only once, like a pipe. */
    public static boolean once(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).isOther();
    }

    /** Counts what is in a file. */
    public interface Count {
        long count() throws IOException;
    }

    /**
     * Reads a file once more than otherwise, to count what is in it.
     *
     * @return -1 if it can be read only once, or not to its end: whoever reads it says why
     */
    public static long count(Path file, Count content) {
        try {
            // to open a descriptor by name may be to share its position
            boolean descriptor = file.startsWith("/dev") || file.startsWith("/proc");
            return descriptor || once(file) ? -1 : content.count();
        } catch (IOException | UncheckedIOException e) {
            return -1;
        }
    }

    /** Explains why it cannot be read. */
    public static UsageException unreadable(Path file, IOException fault) {
        if (fault instanceof NoSuchFileException) {
            return new UsageException("There is no file " + file + ".", fault);
        }
        String why = fault.getMessage();
        if (fault instanceof AccessDeniedException) {
            why = "this user may not read it";
        } else if (fault instanceof EOFException || fault instanceof ZipException) {
            why = "its gzip data are cut off or damaged; fetch the file again";
        }
        return new UsageException(file + " cannot be read: " + why + ".", fault);
    }

    /**
     * Reports no available bytes before the end of the stream: otherwise gzip would treat a pause in a pipe as the end
     * of its data.
     */
    private static final class Waiting extends FilterInputStream {
        Waiting(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            boolean more = in.read() >= 0;
            in.reset();
            return more ? Math.max(1, in.available()) : 0;
        }
    }
}
