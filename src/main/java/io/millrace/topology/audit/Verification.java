package io.millrace.topology.audit;

import io.millrace.avro.Configuration;
import io.millrace.avro.ModelSnapshot;
import io.millrace.config.InvalidConfigException;
import io.millrace.config.MillraceConfig;
import io.millrace.input.Input;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Proves that versions in the snapshots topic are what they claim to be. It learns the examples before a version's offset again, with the
 * configurations that the version carries, and compares every bit. It begins at the replica's first record. If retention has deleted that
 * record, it begins at the oldest earlier version whose state is in the topic. It writes nothing.
 */
public final class Verification implements AutoCloseable {
    private final MillraceConfig config;
    private final Input input;
    private final SnapshotTopic log;

    /**
     * Reads the snapshots.
     *
     * @param config names brokers, topics and model; other settings have no effect
     * @param serdes Avro serdes on the configured registry
     */
    public Verification(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        input = Inputs.ofReplay(serdes);
        log = new SnapshotTopic(config, serdes);
    }

    /** @return partitions of the examples that have versions */
    public Collection<Integer> partitions() {
        return log.partitions();
    }

    /**
     * Verifies a version, and on the way the older versions in the topic.
     *
     * @param partition one of {@link #partitions}
     * @param version number of the version; null for the newest
     */
    public VerificationResult verify(int partition, Long version) {
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
        faults.addAll(LineageCheck.faults(line, log::state));
        ModelSnapshot head = target.head();
        if (head.getNextOffset() < 0 || head.getConfigurations().isEmpty()) {
            faults.add("version " + target.version() + " does not tell which offsets it is made of: an older Millrace"
                    + " wrote it, or one that continued from such a state; a later version may tell");
            return failed(partition, faults);
        }
        try (ReadableInputs inputs = new ReadableInputs(config, partition)) {
            return replay(target, line, faults, inputs);
        } catch (InvalidConfigException | IllegalArgumentException e) {
            faults.add("the configuration that version " + target.version() + " carries cannot be used: "
                    + e.getMessage());
        } catch (CannotReplayException | RecordsDeletedException e) {
            faults.add("version " + target.version() + " cannot be verified: " + e.getMessage());
        }
        return failed(partition, faults);
    }

    private VerificationResult replay(
            StoredSnapshot target, List<StoredSnapshot> line, List<String> faults, ReadableInputs inputs) {
        int partition = target.partition();
        VersionHistory history = VersionHistory.of(target.head(), config);
        List<StoredSnapshot> ofTopic = LineageCheck.afterUnnotedTopic(line);
        String unnoted = ofTopic.size() == line.size()
                ? null
                : "an older Millrace learned the versions before "
                        + ofTopic.get(0).version()
                        + " from another topic, or from one that was recreated, and did not record which";
        Start start = start(target, ofTopic, faults, history, inputs, unnoted);
        if (start == null) {
            return failed(partition, faults);
        }
        Replay replay = start.replay();
        ReplayProgress progress =
                new ReplayProgress(ofTopic, history, replay.learner().nextPosition());
        try {
            progress.end(inputs.read(history, replay.start(), (stretch, record) -> {
                replay.take(stretch, record);
                return progress.compare(replay.learner());
            }));
        } catch (CannotReplayException | RecordsDeletedException e) {
            faults.addAll(progress.findings(replay.start()));
            throw e;
        }
        progress.gone(target)
                .ifPresent(gone -> faults.add("version " + target.version() + " cannot be verified: " + gone));
        if (progress.equal(target) && faults.isEmpty()) {
            return new VerificationResult(partition, true, List.of(proof(target, start, history)));
        }
        List<String> findings = progress.findings(replay.start());
        faults.addAll(findings);
        if (!findings.isEmpty()) {
            faults.addAll(inputs.compacted(history));
            history.otherTimeZones().ifPresent(faults::add);
        }
        if (progress.equal(target)) {
            faults.add(proof(target, start, history) + "; but see above");
        }
        return failed(partition, faults);
    }

    /**
     * The start of a replay.
     *
     * @param resumed the version whose state it continues from; null when it begins with the first record
     */
    private record Start(Replay replay, StoredSnapshot resumed) {}

    /**
     * Finds the earliest start whose records all exist. If there is none, adds a fault and returns null.
     *
     * @param unnoted why the replay cannot start with the first record, even if it exists; null when it can
     */
    private Start start(
            StoredSnapshot target,
            List<StoredSnapshot> line,
            List<String> faults,
            VersionHistory history,
            ReadableInputs inputs,
            String unnoted) {
        int partition = target.partition();
        Configuration first = history.configurations().get(0);
        Optional<String> unreadable = first.getVersion() > 0
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "an older Millrace learned its first %,d examples and did not record how",
                        first.getVersion()))
                : Optional.ofNullable(unnoted).or(() -> unreadable(history, history.first(), inputs));
        if (unreadable.isEmpty()) {
            return new Start(new Replay(history, partition, input), null);
        }
        for (StoredSnapshot earlier : line) {
            ModelSnapshot head = earlier.head();
            int known = head.getConfigurations().size();
            List<byte[]> state = state(earlier);
            if (state.isEmpty()
                    || LineageCheck.stateAltered(head, state)
                    || known > history.configurations().size()
                    || !head.getConfigurations().equals(history.configurations().subList(0, known))
                    || unreadable(history, VersionHistory.stateNext(head), inputs)
                            .isPresent()) {
                continue;
            }
            try {
                Replay replay = new Replay(history, partition, input, VersionHistory.stateNext(head), state, known);
                Learner learner = replay.learner();
                if (learner.nextPosition() < history.next()) {
                    compareState(earlier, learner, faults);
                    return new Start(replay, earlier);
                }
            } catch (IllegalStateException e) {
                faults.add(
                        "the state that version " + earlier.version() + " carries cannot be used: " + e.getMessage());
            }
        }
        faults.add("version " + target.version() + " cannot be verified: " + unreadable.get()
                + "; no earlier version in the snapshots topic"
                + " carries a state whose next records still exist. To verify future versions, keep the records of "
                + config.topics().examples()
                + " for longer, or raise snapshot.history, and snapshot.state.max.bytes above the size of a state");
        return null;
    }

    /** Says why the records from a position on cannot be learned again; empty when they can. */
    private static Optional<String> unreadable(VersionHistory history, long begin, ReadableInputs inputs) {
        if (history.forgotten() && begin < history.omittedSince()) {
            return Optional.of(
                    "the registry did not provide the schemas of some records, and more of them were left out than a version lists");
        }
        return inputs.unreadable(history, begin);
    }

    private List<byte[]> state(StoredSnapshot version) {
        try {
            return log.state(version);
        } catch (RecordsDeletedException e) {
            return List.of(); // deleted after the heads were read, so a replay cannot continue from it
        }
    }

    private static void compareState(StoredSnapshot earlier, Learner learner, List<String> faults) {
        if (learner.servedVersion() != earlier.version()) {
            return;
        }
        try {
            ModelDiff.first(earlier, learner.servedModel(), learner.servedScore())
                    .ifPresent(difference -> faults.add("version " + earlier.version() + " " + difference
                            + ", where the replay is the state that it carries"));
        } catch (RecordsDeletedException e) {
            return; // the replay needs only its state, which was read before
        }
    }

    private static String proof(StoredSnapshot target, Start start, VersionHistory history) {
        long begin = start.replay().start();
        Replay.Counts counts = start.replay().counts();
        long offsets = history.parts(begin, history.next()).stream()
                .mapToLong(VersionHistory.Part::offsets)
                .sum();
        long missing = history.missingBetween(begin, history.next());
        String from = start.resumed() == null
                ? "exactly"
                : "the state that version " + start.resumed().version() + " carries, and exactly";
        StringBuilder what = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d learned, %,d dead-lettered, %,d held out",
                counts.learned(),
                counts.deadLettered(),
                counts.heldOut()));
        tell(what, counts.skipped(), "skipped because they have no value or no label");
        tell(what, counts.omitted(), "left out because the registry did not provide their schema");
        tell(what, missing, "deleted before they were read");
        tell(what, offsets - missing - counts.records(), "without a record: transaction markers, aborted or compacted");
        return String.format(
                Locale.ROOT,
                "version %d = %s %s (%s), sha256 %s",
                target.version(),
                from,
                history.told(begin, history.next()),
                what,
                target.head().getSha256());
    }

    private static void tell(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(String.format(Locale.ROOT, ", %,d %s", count, what));
        }
    }

    @Override
    public void close() {
        log.close();
    }

    private static VerificationResult failed(int partition, List<String> faults) {
        return new VerificationResult(partition, false, List.copyOf(faults));
    }
}
