package io.millrace.topology;

import io.millrace.avro.Configuration;
import io.millrace.avro.ModelSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the versions of a replica come from: what it was configured with, from its first record on, and the hash of the last
 * version that was published, which the next one names as its predecessor.
 */
final class Lineage {
    /** What is stored begins with this. */
    private static final String FORMAT = "millrace lineage 1";

    private final List<Configuration> configurations = new ArrayList<>();
    private final Map<Long, Integer> stateChunks = new TreeMap<>();
    private String last; // null: nothing was published yet

    /**
     * Says what the records from {@code offset} on are read with. Nothing changes when it is what the ones before were read with.
     *
     * @param version examples learned so far
     * @param settings all settings that determine what is learned
     */
    void follow(long offset, long version, Map<String, String> settings) {
        Map<String, String> changed = new TreeMap<>(settings);
        if (!configurations.isEmpty()) {
            changed.entrySet()
                    .removeAll(
                            inForce(configurations, configurations.size() - 1).entrySet());
        }
        if (!changed.isEmpty()) {
            configurations.add(new Configuration(offset, version, changed));
        }
    }

    /** All settings of a configuration: its own, and those of the ones before that it did not change. */
    static Map<String, String> inForce(List<Configuration> configurations, int index) {
        Map<String, String> settings = new TreeMap<>();
        configurations.subList(0, index + 1).forEach(configuration -> settings.putAll(configuration.getSettings()));
        return settings;
    }

    /**
     * Makes a version the newest of the line.
     *
     * @param head chunk 0 of a version, which says all but its configurations, predecessor and hashes; gets these
     * @param nextOffset what the version claims to be made of: the offsets before
     * @param chunks of the learner's state
     */
    void append(ModelSnapshot head, long nextOffset, int chunks) {
        head.put("nextOffset", nextOffset);
        head.put("configurations", List.copyOf(configurations));
        head.put("fingerprint", LineageHash.fingerprint(configurations));
        head.put("predecessor", last);
        head.put("lineageFormat", LineageHash.NEWEST);
        head.put("lineage", LineageHash.of(head));
        last = head.getLineage();
        stateChunks.put(head.getVersion(), chunks);
    }

    /** Forgets a version that is to be deleted, and tells how many chunks of state it had. */
    int remove(long version) {
        Integer chunks = stateChunks.remove(version);
        return chunks == null ? 0 : chunks;
    }

    /** As it is stored. */
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FieldWriter out = new FieldWriter(bytes)) {
            out.text(FORMAT);
            out.text(last == null ? "" : last);
            out.configurations(configurations);
            out.writeInt(stateChunks.size());
            for (Map.Entry<Long, Integer> version : stateChunks.entrySet()) {
                out.writeLong(version.getKey());
                out.writeInt(version.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    /** @param stored as {@link #toBytes} gave it; null for a learner that has none yet */
    static Lineage of(byte[] stored) {
        Lineage lineage = new Lineage();
        if (stored == null) {
            return lineage;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            String format = readText(in);
            if (!format.equals(FORMAT)) {
                throw new IllegalStateException("the stored lineage has the format [" + format
                        + "], this Millrace reads [" + FORMAT + "]: start the Millrace that wrote it, or a newer one");
            }
            String last = readText(in);
            lineage.last = last.isEmpty() ? null : last;
            int configurations = in.readInt();
            for (int i = 0; i < configurations; i++) {
                long offset = in.readLong();
                long version = in.readLong();
                int settings = in.readInt();
                Map<String, String> changed = new TreeMap<>();
                for (int k = 0; k < settings; k++) {
                    changed.put(readText(in), readText(in));
                }
                lineage.configurations.add(new Configuration(offset, version, changed));
            }
            int versions = in.readInt();
            for (int i = 0; i < versions; i++) {
                lineage.stateChunks.put(in.readLong(), in.readInt());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the stored lineage ends too early", e);
        }
        return lineage;
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
