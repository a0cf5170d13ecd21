package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.records.TrustedRecords;
import io.millrace.topology.serving.LiveModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What training would have written into a snapshots topic, and what a compaction leaves of it. */
public final class SnapshotRecords {
    private static final int HISTORY = 3;

    static {
        TrustedRecords.trust(); // there are no serdes here, which see to it
    }

    public record Written(ModelSnapshotKey key, ModelSnapshot value, long offset) {}

    private final List<Written> records = new ArrayList<>();
    private final Map<Integer, List<Long>> published = new HashMap<>();
    private final Map<Integer, String> predecessors = new HashMap<>();
    private long offset;

    /** One transaction, with its marker; versions beyond the history are deleted in it. */
    public void publish(int partition, Model model) {
        Snapshots snapshots = new Snapshots("model", partition);
        for (ModelSnapshot chunk : snapshots.chunks(model, new Score(0, 0, Map.of()))) {
            if (chunk.getChunk() == 0) {
                chunk.put("predecessor", predecessors.get(partition));
                chunk.put("lineage", partition + "/" + model.version());
                predecessors.put(partition, chunk.getLineage());
            }
            write(snapshots.key(model.version(), chunk.getChunk()), chunk);
        }
        List<Long> versions = published.computeIfAbsent(partition, any -> new ArrayList<>());
        versions.add(model.version());
        if (versions.size() > HISTORY) {
            write(snapshots.key(versions.remove(0), 0), null);
        }
        offset++;
    }

    public void publish(int partition, NetworkLearner learner) {
        publish(partition, learner.model());
    }

    /** Deletes all versions of a partition. */
    public void reset(int partition) {
        Snapshots snapshots = new Snapshots("model", partition);
        published.getOrDefault(partition, new ArrayList<>()).forEach(version -> write(snapshots.key(version, 0), null));
        published.remove(partition);
        predecessors.remove(partition);
        offset++;
    }

    private void write(ModelSnapshotKey key, ModelSnapshot value) {
        records.add(new Written(key, value, offset++));
    }

    public List<Written> all() {
        return List.copyOf(records);
    }

    /** The last record of each key, without deletions. */
    public List<Written> compacted() {
        TreeMap<Long, Written> left = new TreeMap<>();
        Map<ModelSnapshotKey, Long> last = new HashMap<>();
        for (Written record : records) {
            Long former = last.put(record.key(), record.offset());
            if (former != null) {
                left.remove(former);
            }
            if (record.value() != null) {
                left.put(record.offset(), record);
            }
        }
        return List.copyOf(left.values());
    }

    /** The newest version of each partition alone, as with a history of 1. */
    public List<Written> newest() {
        TreeMap<Long, Written> newest = new TreeMap<>();
        Map<Integer, Long> last = new HashMap<>();
        for (Written record : compacted()) {
            Long former = last.put(record.key().getPartition(), record.offset());
            if (former != null) {
                newest.remove(former);
            }
            newest.put(record.offset(), record);
        }
        return List.copyOf(newest.values());
    }

    /** What an instance serves that starts now. */
    public static LiveModel live(List<Written> records) {
        LiveModel live = new LiveModel("model");
        records.forEach(record -> {
            if (record.value() == null) {
                live.remove(record.key());
            } else {
                live.add(record.value(), record.offset());
            }
        });
        return live;
    }
}
