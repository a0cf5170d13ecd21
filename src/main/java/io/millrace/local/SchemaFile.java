package io.millrace.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The registry's content as a JSON file that is replaced atomically: after a crash it has the old or the new content,
 * never a part.
 */
final class SchemaFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** A schema as registered under a subject. */
    record Version(String subject, int version, int id, String schema, List<Reference> references) {}

    /** Another registered schema that a schema uses by name. */
    record Reference(String name, String subject, int version) {}

    /**
     * The whole content: versions in the order of registration, and compatibility levels by subject, with the global
     * one under "".
     */
    record Content(List<Version> versions, Map<String, String> compatibility) {}

    private final Path path;

    SchemaFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** The content; empty if the file does not exist yet. */
    Content read() {
        if (!Files.exists(path)) {
            return new Content(List.of(), Map.of());
        }
        try {
            return JSON.readValue(path.toFile(), Content.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    path + " is not a file of schemas: " + e.getOriginalMessage()
                            + ". Restore or delete it; without it, ids of schemas start again from 1",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schemas in " + path, e);
        }
    }

    void write(Content content) {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try {
            Files.createDirectories(path.getParent());
            Files.write(next, JSON.writeValueAsBytes(content));
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true); // otherwise the rename may reach the disk before the content
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the schemas to " + path, e);
        }
    }
}
