package io.millrace.topology.history;

import io.millrace.avro.Configuration;
import io.millrace.avro.ModelSnapshot;
import io.millrace.config.ConfigurationText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The origin of a replica's versions: its configurations from the first record on, what it has read, and the hash of the last published
 * version, which the next version names as its predecessor.
 */
public final class Lineage {
    /** The stored form begins with this text. */
    private static final String FORMAT = "millrace lineage 2";

    /** The format without stretches. */
    private static final String FIRST_FORMAT = "millrace lineage 1";

    private final InputHistory inputs = new InputHistory();
    private final List<Configuration> configurations = new ArrayList<>();
    private final Map<Long, Integer> stateChunks = new TreeMap<>();
    private String last; // null when nothing was published yet

    /** What the learner has read. */
    public InputHistory inputs() {
        return inputs;
    }

    /**
     * Notes the settings with which the records from {@code offset} on are read. Nothing changes if they are the settings of the records before.
     *
     * @param version number of examples learned so far
     * @param settings all settings that determine what is learned
     * @return the settings that have changed; empty for the first record of a model
     */
    public Map<String, String> follow(long offset, long version, Map<String, String> settings) {
        Map<String, String> changed = new TreeMap<>(settings);
        boolean first = configurations.isEmpty();
        if (!first) {
            Map<String, String> before = inForce(configurations);
            changed.entrySet().removeAll(before.entrySet());
            changed.putAll(ConfigurationText.emptied(before, settings));
        }
        if (!changed.isEmpty()) {
            configurations.add(new Configuration(offset, version, changed, Math.max(0, inputs.stretch())));
        }
        return first ? Map.of() : changed;
    }

    /**
     * The version at which features were added last; 0 if never. That version and older ones have fewer inputs than the learner: if it published
     * one of them now, a replay would have another shape there.
     */
    public long grownAt() {
        for (int i = configurations.size() - 1; i > 0; i--) {
            if (ConfigurationText.addsFeatures(configurations.get(i).getSettings())) {
                return configurations.get(i).getVersion();
            }
        }
        return 0;
    }

    /** The first offset that was read; {@code otherwise} when it is not known. */
    long firstOffset(long otherwise) {
        return configurations.isEmpty() ? otherwise : configurations.get(0).getOffset();
    }

    /**
     * All settings of a configuration, with their current names: its own, and those of earlier configurations that it did not change. Each
     * configuration is renamed before it is merged with the others, because the later value counts, whatever its name was.
     */
    public static Map<String, String> inForce(List<Configuration> configurations, int index) {
        Map<String, String> settings = new TreeMap<>();
        configurations
                .subList(0, index + 1)
                .forEach(configuration -> settings.putAll(ConfigurationText.renamed(configuration.getSettings())));
        return settings;
    }

    /** All settings that are in force after the last configuration. */
    public static Map<String, String> inForce(List<Configuration> configurations) {
        return inForce(configurations, configurations.size() - 1);
    }

    /**
     * Makes a version the newest of this lineage.
     *
     * @param head chunk 0 of a version, which contains all but what was read, configurations, predecessor and hashes
     * @param nextPosition the version claims to be made of everything before this position; -1 when it is not known
     * @return chunk 0
     */
    public ModelSnapshot append(ModelSnapshot.Builder head, long nextPosition) {
        inputs.describe(head)
                .setNextOffset(nextPosition < 0 ? -1 : InputPosition.offset(nextPosition))
                .setNextStretch(nextPosition < 0 ? 0 : InputPosition.stretch(nextPosition))
                .setConfigurations(List.copyOf(configurations))
                .setFingerprint(LineageHash.fingerprint(LineageHash.NEWEST, configurations))
                .setPredecessor(last)
                .setLineageFormat(LineageHash.NEWEST);
        last = LineageHash.of(head.build());
        stateChunks.put(head.getVersion(), head.getStateChunks());
        return head.setLineage(last).build();
    }

    /** Removes a version that is about to be deleted, and returns how many chunks of state it had. */
    public int remove(long version) {
        Integer chunks = stateChunks.remove(version);
        return chunks == null ? 0 : chunks;
    }

    /** Encodes the lineage for the store. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FieldWriter out = new FieldWriter(bytes)) {
            out.text(FORMAT);
            out.text(last == null ? "" : last);
            out.configurations(configurations, true);
            out.writeInt(stateChunks.size());
            for (Map.Entry<Long, Integer> version : stateChunks.entrySet()) {
                out.writeLong(version.getKey());
                out.writeInt(version.getValue());
            }
            inputs.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes.toByteArray();
    }

    /** @param stored bytes that {@link #toBytes} returned; null for a learner without a lineage */
    public static Lineage of(byte[] stored) {
        Lineage lineage = new Lineage();
        if (stored == null) {
            return lineage;
        }
        try (FieldReader in = new FieldReader(stored)) {
            String format = in.text();
            boolean first = format.equals(FIRST_FORMAT);
            if (!first && !format.equals(FORMAT)) {
                throw new IllegalStateException("the stored lineage has the format [" + format
                        + "], this Millrace reads [" + FORMAT + "]: start the Millrace that wrote it, or a newer one");
            }
            String last = in.text();
            lineage.last = last.isEmpty() ? null : last;
            int configurations = in.readInt();
            for (int i = 0; i < configurations; i++) {
                int stretch = first ? 0 : in.readInt();
                long offset = in.readLong();
                long version = in.readLong();
                int settings = in.readInt();
                Map<String, String> changed = new TreeMap<>();
                for (int k = 0; k < settings; k++) {
                    changed.put(in.text(), in.text());
                }
                lineage.configurations.add(new Configuration(offset, version, changed, stretch));
            }
            int versions = in.readInt();
            for (int i = 0; i < versions; i++) {
                lineage.stateChunks.put(in.readLong(), in.readInt());
            }
            if (!first) {
                lineage.inputs.read(in);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the stored lineage ends too early", e);
        }
        return lineage;
    }
}
