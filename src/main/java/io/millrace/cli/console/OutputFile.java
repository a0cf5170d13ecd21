package io.millrace.cli.console;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An output file named by an option and written at the end of a command.
 *
 * @param option the option, as on the command line
 * @param path where to write
 */
public record OutputFile(String option, Path path) {
    /** Writes to a path. */
    public interface Content {
        void writeTo(Path path) throws IOException;
    }

    /** Checks, before the work starts, that the file can be written. */
    public void requireWritable() {
        Path file = path.toAbsolutePath();
        Path directory = file.getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw unwritable("it is a directory; name a file in it");
        }
        if (!Files.isDirectory(directory)) {
            throw unwritable("there is no directory " + directory + "; create it, or choose another one");
        }
        if (!Files.isWritable(Files.exists(file) ? file : directory)) {
            throw unwritable("this user may not write there; choose another place");
        }
    }

    private UsageException unwritable(String why) {
        return new UsageException(option + " " + path + " cannot be written: " + why + ".");
    }

    /** Writes the file, or throws an exception that says why it cannot be written. */
    public void write(Content content) {
        try {
            content.writeTo(path);
        } catch (IOException e) {
            String why = e instanceof AccessDeniedException ? "this user may not write there" : e.getMessage();
            throw new FailedException(option + " " + path + " cannot be written: " + why + ".", e);
        }
    }
}
