package io.millrace.topology.audit;

import io.millrace.learner.Learner;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Compares each version that a replay passes, at the position that the version claims. */
public final class ReplayProgress {
    private record Passed(StoredSnapshot version, Optional<String> difference) {}

    private final Deque<StoredSnapshot> ahead = new ArrayDeque<>();
    private final List<Passed> passed = new ArrayList<>();
    private final VersionHistory history;
    private final Map<StoredSnapshot, String> gone = new HashMap<>();

    /**
     * @param versions of one replica
     * @param history of the last one
     * @param position where the replay begins; versions up to this position are not compared
     */
    public ReplayProgress(List<StoredSnapshot> versions, VersionHistory history, long position) {
        this.history = history;
        versions.stream()
                .filter(version -> next(version) > position)
                .sorted(Comparator.comparingLong(ReplayProgress::next))
                .forEach(ahead::add);
    }

    private static long next(StoredSnapshot version) {
        return VersionHistory.next(version.head());
    }

    /** Compares the versions that the learner has just reached. Returns whether further versions lie ahead. */
    public boolean compare(Learner learner) {
        long position = learner.nextPosition();
        while (!ahead.isEmpty() && next(ahead.peek()) <= position) {
            StoredSnapshot version = ahead.remove();
            try {
                passed.add(new Passed(version, difference(version, learner, position)));
            } catch (RecordsDeletedException e) {
                gone.put(version, e.getMessage());
            }
        }
        return !ahead.isEmpty();
    }

    private static Optional<String> difference(StoredSnapshot version, Learner learner, long position) {
        return next(version) == position
                ? ModelDiff.first(version, learner.model(), learner.score())
                : Optional.of(String.format(
                        Locale.ROOT,
                        "claims a mini-batch that ends before offset %,d; in the replay one ends before %,d",
                        version.head().getNextOffset(),
                        InputPosition.offset(position)));
    }

    /** Ends the replay: there are no more records, so the versions that still lie ahead cannot be reached. */
    public void end(long offset) {
        while (!ahead.isEmpty()) {
            StoredSnapshot version = ahead.remove();
            passed.add(new Passed(
                    version,
                    Optional.of(String.format(
                            Locale.ROOT,
                            "claims the offsets before %,d, which the replay does not reach: the examples end before offset %,d",
                            version.head().getNextOffset(),
                            offset))));
        }
    }

    /** Says why a version could not be compared, if it was deleted in the meantime; empty otherwise. */
    Optional<String> gone(StoredSnapshot version) {
        return Optional.ofNullable(gone.get(version));
    }

    /** Whether a version was compared and is equal to the replay in every bit. */
    public boolean equal(StoredSnapshot version) {
        return passed.stream()
                .anyMatch(judged ->
                        judged.version() == version && judged.difference().isEmpty());
    }

    /**
     * Says which versions differ in which place, and between which offsets the cause lies.
     *
     * @param from position at which the replay began
     */
    public List<String> findings(long from) {
        List<String> findings = new ArrayList<>();
        StoredSnapshot lastEqual = null;
        long begin = from;
        for (Passed judged : passed) {
            StoredSnapshot version = judged.version();
            if (judged.difference().isEmpty()) {
                lastEqual = version;
                begin = next(version);
                continue;
            }
            findings.add(
                    "version " + version.version() + " " + judged.difference().get());
            if (passed.subList(passed.indexOf(judged), passed.size()).stream()
                    .anyMatch(later -> later.difference().isEmpty())) {
                findings.add("a later version is equal again: version " + version.version()
                        + " itself was altered, and not the examples");
                continue;
            }
            String between = history.told(begin, next(version));
            findings.add(String.format(
                    Locale.ROOT,
                    "%sfirst differs at version %d: the fault lies in %sthat version",
                    lastEqual == null ? "" : "still equal at version " + lastEqual.version() + ", ",
                    version.version(),
                    between.isEmpty() ? "" : between + ", or in "));
            if (begin < history.omittedSince()) {
                findings.add(
                        "an older Millrace learned some of these and did not record what it read: if it learned from another"
                                + " topic before, or if the registry did not provide a schema, they differ as well");
            }
            return findings; // everything after a difference differs, too
        }
        return findings;
    }
}
