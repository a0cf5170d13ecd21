package io.millrace.topology;

import io.millrace.avro.Configuration;
import io.millrace.avro.FloatVector;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the versions of a replica come from: what it was configured with, from its first record on, and the hash of the last
 * version that was published, which the next one names as its predecessor.
 */
final class Lineage {
    /** What is hashed or stored begins with this, so that another layout gives other hashes. */
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
     * @param head chunk 0 of a version; gets its configurations, predecessor and hashes
     * @param nextOffset what the version claims to be made of: the offsets before
     * @param chunks of the learner's state
     */
    void append(ModelSnapshot head, long nextOffset, int chunks) {
        head.put("nextOffset", nextOffset);
        head.put("configurations", List.copyOf(configurations));
        head.put("fingerprint", fingerprint(configurations));
        head.put("predecessor", last);
        head.put("lineage", hash(head));
        last = head.getLineage();
        stateChunks.put(head.getVersion(), chunks);
    }

    /** Forgets a version that is to be deleted, and tells how many chunks of state it had. */
    int remove(long version) {
        Integer chunks = stateChunks.remove(version);
        return chunks == null ? 0 : chunks;
    }

    /** SHA-256 of configurations, in hex. */
    static String fingerprint(List<Configuration> configurations) {
        return sha256(out -> write(configurations, out));
    }

    /** SHA-256, in hex, of what a version is and where it comes from. */
    static String hash(ModelSnapshot head) {
        return sha256(out -> {
            write(head.getPredecessor() == null ? "" : head.getPredecessor(), out);
            write(head.getModel(), out);
            out.writeInt(head.getPartition());
            out.writeLong(head.getVersion());
            out.writeLong(head.getNextOffset());
            write(head.getFingerprint(), out);
            write(head.getSha256(), out);
            ModelSpec spec = head.getSpec();
            for (float average : FloatVector.arrayOf(spec.getRunningAverages())) {
                out.writeFloat(average);
            }
            for (List<Double> statistics : List.of(
                    spec.getFeatureMeans(),
                    spec.getFeatureVariances(),
                    spec.getTargetMeans(),
                    spec.getTargetVariances())) {
                for (double value : statistics) {
                    out.writeDouble(value);
                }
            }
        });
    }

    /** As it is stored. */
    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(FORMAT, out);
            write(last == null ? "" : last, out);
            write(configurations, out);
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

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static String sha256(Content content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DataOutputStream out =
                    new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
                write(FORMAT, out);
                content.writeTo(out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest takes every byte", e);
        }
    }

    private static void write(List<Configuration> configurations, DataOutputStream out) throws IOException {
        out.writeInt(configurations.size());
        for (Configuration configuration : configurations) {
            out.writeLong(configuration.getOffset());
            out.writeLong(configuration.getVersion());
            out.writeInt(configuration.getSettings().size());
            for (Map.Entry<String, String> setting : new TreeMap<>(configuration.getSettings()).entrySet()) {
                write(setting.getKey(), out);
                write(setting.getValue(), out);
            }
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
