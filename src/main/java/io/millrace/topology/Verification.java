package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.Configuration;
import io.millrace.avro.ModelSnapshot;
import io.millrace.config.InvalidConfigException;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Learner;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Proves that versions in the snapshots topic are what they claim to be: learns the examples before a version's offset again, with
 * the configurations that the version carries, and compares every bit. Begins at the replica's first record, or, when retention has
 * deleted that, at the oldest earlier version whose state is in the topic. Writes nothing.
 */
public final class Verification implements AutoCloseable {
    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final SnapshotTopic log;

    /**
     * Reads the snapshots.
     *
     * @param config names brokers, topics and model; its other settings do not matter
     * @param serdes Avro serdes on the configured registry
     */
    public Verification(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        this.serdes = serdes;
        log = new SnapshotTopic(config, serdes);
    }

    /** @return partitions of the examples of which there are versions */
    public Collection<Integer> partitions() {
        return log.partitions();
    }

    /**
     * Verifies a version, and the older ones that are in the topic on the way.
     *
     * @param partition one of {@link #partitions}
     * @param version null for the newest
     */
    public Verdict verify(int partition, Long version) {
        List<StoredSnapshot> versions = log.versions(partition);
        List<String> faults = log.faults(partition);
        Optional<StoredSnapshot> chosen = versions.stream()
                .filter(stored -> version == null || stored.version() == version)
                .reduce((older, newer) -> newer);
        if (chosen.isEmpty()) {
            faults.add("There is no " + (version == null ? "whole version" : "version " + version) + "; there are "
                    + versions.stream()
                            .map(stored -> String.valueOf(stored.version()))
                            .collect(Collectors.joining(", ", "[", "]")));
            return failed(partition, faults);
        }
        StoredSnapshot target = chosen.get();
        List<StoredSnapshot> line = versions.subList(0, versions.indexOf(target) + 1);
        faults.addAll(Line.faults(line, log::state));
        ModelSnapshot head = target.head();
        if (head.getNextOffset() < 0 || head.getConfigurations().isEmpty()) {
            faults.add("version " + target.version() + " does not tell which offsets it is made of: an older Millrace"
                    + " wrote it, or one that went on from such a state; a later version may");
            return failed(partition, faults);
        }
        try (CommittedRecords examples =
                new CommittedRecords(config, config.topics().examples())) {
            return replay(target, line, faults, examples);
        } catch (InvalidConfigException | IllegalArgumentException e) {
            faults.add("the configuration that version " + target.version() + " carries cannot be used: "
                    + e.getMessage());
            return failed(partition, faults);
        }
    }

    private Verdict replay(
            StoredSnapshot target, List<StoredSnapshot> line, List<String> faults, CommittedRecords examples) {
        int partition = target.partition();
        if (!examples.has(partition)) {
            faults.add(config.topics().examples() + " has no partition " + partition);
            return failed(partition, faults);
        }
        Start start = start(target, line, faults, examples.beginning(partition));
        if (start == null) {
            return failed(partition, faults);
        }
        Milestones milestones = new Milestones(line, start.replay().learner().nextPosition());
        try {
            examples.from(partition, start.offset(), record -> {
                start.replay().take(record);
                return milestones.judge(start.replay().learner());
            });
            milestones.end(examples.end(partition));
        } catch (RecordsGoneException e) {
            faults.addAll(milestones.findings(start.offset()));
            faults.add("version " + target.version() + " cannot be verified: " + e.getMessage());
            return failed(partition, faults);
        }
        milestones
                .gone(target)
                .ifPresent(gone -> faults.add("version " + target.version() + " cannot be verified: " + gone));
        if (milestones.equal(target) && faults.isEmpty()) {
            return new Verdict(partition, true, List.of(proof(target, start)));
        }
        faults.addAll(milestones.findings(start.offset()));
        if (milestones.equal(target)) {
            faults.add(proof(target, start) + "; but see above");
        }
        return failed(partition, faults);
    }

    /** Where a replay begins. */
    private record Start(Replay replay, long offset, StoredSnapshot resumed) {}

    /** The earliest start whose records are all there; null, and a fault told, when there is none. */
    private Start start(StoredSnapshot target, List<StoredSnapshot> line, List<String> faults, long beginning) {
        String topic = config.topics().examples();
        int partition = target.partition();
        List<Configuration> configurations = target.head().getConfigurations();
        Configuration first = configurations.get(0);
        if (first.getVersion() == 0 && first.getOffset() >= beginning) {
            return new Start(new Replay(topic, partition, serdes, configurations), first.getOffset(), null);
        }
        for (StoredSnapshot earlier : line) {
            ModelSnapshot head = earlier.head();
            int known = head.getConfigurations().size();
            List<byte[]> state = state(earlier);
            if (state.isEmpty()
                    || Line.stateAltered(head, state)
                    || head.getStateOffset() < beginning
                    || known > configurations.size()
                    || !head.getConfigurations().equals(configurations.subList(0, known))) {
                continue;
            }
            try {
                Replay replay = new Replay(topic, partition, serdes, configurations, state, known - 1);
                Learner learner = replay.learner();
                if (learner.nextPosition() < target.head().getNextOffset()) {
                    compareState(earlier, learner, faults);
                    return new Start(replay, head.getStateOffset(), earlier);
                }
            } catch (IllegalStateException e) {
                faults.add(
                        "the state that version " + earlier.version() + " carries cannot be used: " + e.getMessage());
            }
        }
        String why = first.getVersion() > 0
                ? String.format(
                        Locale.ROOT,
                        "an older Millrace learned its first %,d examples and did not note how",
                        first.getVersion())
                : String.format(
                        Locale.ROOT,
                        "it is made of offsets %,d..%,d of %s-%d, and those before %,d have been deleted",
                        first.getOffset(),
                        target.head().getNextOffset() - 1,
                        topic,
                        partition,
                        beginning);
        faults.add(
                "version " + target.version() + " cannot be verified: " + why
                        + "; no earlier version in the snapshots topic"
                        + " carries a state to go on from whose next records are still there. For versions to come, let "
                        + topic
                        + " keep its records for longer, or raise snapshot.history, and snapshot.state.max.bytes above the size of a state");
        return null;
    }

    private List<byte[]> state(StoredSnapshot version) {
        try {
            return log.state(version);
        } catch (RecordsGoneException e) {
            return List.of(); // deleted since the heads were read: nothing to go on from any more
        }
    }

    private static void compareState(StoredSnapshot earlier, Learner learner, List<String> faults) {
        if (learner.servedVersion() != earlier.version()) {
            return;
        }
        try {
            Difference.first(earlier, learner.servedModel(), learner.servedScore())
                    .ifPresent(difference -> faults.add("version " + earlier.version() + " " + difference
                            + ", where replay means the state that it carries"));
        } catch (RecordsGoneException e) {
            return; // its state, which was read before, is all that the replay needs
        }
    }

    private static String proof(StoredSnapshot target, Start start) {
        long next = target.head().getNextOffset();
        Replay.Counts counts = start.replay().counts(next);
        String from = start.resumed() == null
                ? "exactly"
                : "the state that version " + start.resumed().version() + " carries, and exactly";
        return String.format(
                Locale.ROOT,
                "version %d = %s offsets %,d..%,d (%,d learned, %,d dead-lettered, %,d held out), sha256 %s",
                target.version(),
                from,
                start.offset(),
                next - 1,
                counts.learned(),
                counts.deadLettered(),
                counts.heldOut(),
                target.head().getSha256());
    }

    @Override
    public void close() {
        log.close();
    }

    private static Verdict failed(int partition, List<String> faults) {
        return new Verdict(partition, false, List.copyOf(faults));
    }
}
