package io.millrace.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The broker's directory, used by one broker at a time. Kafka's own lock comes too late: the controller opens and
 * writes the metadata log before the broker finds that the directory is in use.
 */
final class BrokerDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "local-broker.lock"; // contains the port of the last client listener
    private static final int MAX_PORT = 65535;

    // Checked before the lock file is opened: closing any channel of a file releases all locks of this process on that
    // file.
    private static final Set<Path> HELD_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private BrokerDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Locks the directory, and creates it if it is missing.
     *
     * @throws IllegalStateException if another broker uses it
     */
    static BrokerDirectory take(Path directory) {
        try {
            Path path = Files.createDirectories(directory).toRealPath();
            if (HELD_BY_THIS_JVM.add(path)) {
                FileChannel channel = FileChannel.open(
                        path.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                if (channel.tryLock() != null) {
                    return new BrokerDirectory(path, channel);
                }
                channel.close();
                HELD_BY_THIS_JVM.remove(path);
            }
            throw new IllegalStateException(
                    "another local broker runs on " + path + ": stop it, or choose another directory");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the broker's directory " + directory, e);
        }
    }

    Path path() {
        return path;
    }

    /** The client port of this broker's last run; 0 if unknown. */
    int lastPort() {
        try {
            ByteBuffer content = ByteBuffer.allocate(16);
            lock.read(content, 0);
            int port = Integer.parseInt(
                    new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).trim());
            return port > 0 && port <= MAX_PORT ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path.resolve(LOCK_FILE), e);
        }
    }

    void rememberPort(int port) {
        try {
            lock.truncate(0);
            lock.write(ByteBuffer.wrap(String.valueOf(port).getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path.resolve(LOCK_FILE), e);
        }
    }

    /** Formats a new directory as the log directory of a new cluster; does not change a formatted one. */
    void format(int nodeId, String controllerListener) {
        if (Files.exists(path.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(nodeId)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(path.toString()))
                    .setMetadataLogDirectory(path.toString())
                    .setControllerListenerName(controllerListener)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format the broker's directory " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
            HELD_BY_THIS_JVM.remove(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release " + path.resolve(LOCK_FILE), e);
        }
    }
}
