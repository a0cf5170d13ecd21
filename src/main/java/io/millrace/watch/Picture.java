package io.millrace.watch;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that the page shows, as far as the topics have been read. Its memory has a limit, whatever their length. One thread adds
 * records, any number of threads read.
 */
final class Picture {
    private static final int MOST_VERSIONS = 50;
    private static final int MOST_LETTERS = 50;
    private static final int MOST_CHANGES = 2000;
    private static final long RATE_WINDOW_MS = 10_000;
    private static final long MINUTE_MS = 60_000;

    /** In the place of a partition: what is known of the topics themselves, which have no offsets. */
    private static final String TOPICS = "topics-0";

    /** The whole picture, at a position. */
    record Whole(
            String model,
            ModelView view,
            Collection<Replica.View> replicas,
            List<Version> versions,
            List<Letter> letters,
            Positions position) {}

    /** What has changed since an earlier position. */
    record Increment(List<Change> changes, Positions position) {}

    /**
     * Sums over all replicas.
     *
     * @param learned examples, by the reports and versions
     * @param examplesPerSecond over the last ten seconds of reports; NaN while there is only one report
     * @param reportTime at which the last report was written, ms; 0 before the first
     * @param versionTime the same for the last version
     * @param version examples that the newest versions have learned
     * @param letters dead letters in all
     * @param lettersLastHour those written during the last hour
     */
    record Facts(
            long learned,
            double examplesPerSecond,
            long reportTime,
            long versionTime,
            long version,
            long letters,
            long lettersLastHour) {}

    private record Placed(String partition, long offset, Change change) {}

    private final String model;
    private final Map<Integer, Replica> replicas = new TreeMap<>();
    private final Deque<Version> versions = new ArrayDeque<>(); // the newest first
    private final Deque<Letter> letters = new ArrayDeque<>(); // the newest first
    private final NavigableMap<Long, Long> lettersByMinute = new TreeMap<>();
    private long letterCount;
    private ModelView view; // null before the first version
    private int partitions; // of the examples; 0 before they are known

    private final Deque<Placed> changes = new ArrayDeque<>();
    private final Map<String, Long> forgotten =
            new HashMap<>(); // by partition: the offset after the last change that is not kept
    private final Map<String, Long> next = new HashMap<>();

    /** @param model its name */
    Picture(String model) {
        this.model = model;
    }

    synchronized void report(String partition, long offset, ValidationLoss report, long time) {
        add(partition, offset, replica(report.getPartition()).add(report, time));
    }

    /** @param now what the version consists of */
    synchronized void version(String partition, long offset, ModelSnapshot head, long time, ModelView now) {
        Version version = Version.of(head, time);
        forget(version.partition(), version.version());
        versions.addFirst(version);
        if (versions.size() > MOST_VERSIONS) {
            versions.removeLast();
        }
        Replica replica = replica(version.partition());
        List<Mark> marks = new ArrayList<>(replica.changedSettings(head.getConfigurations()));
        marks.addAll(replica.changedInput(head));
        boolean same = Objects.equals(now, view);
        view = now;
        add(partition, offset, new Change.Published(version, same ? null : now, marks));
    }

    synchronized void deleted(String partition, long offset, int replica, long version) {
        if (forget(replica, version)) {
            add(partition, offset, new Change.Deleted(replica, version));
        }
    }

    private boolean forget(int replica, long version) {
        return versions.removeIf(each -> each.partition() == replica && each.version() == version);
    }

    synchronized void letter(String partition, long offset, Letter letter) {
        letters.addFirst(letter);
        if (letters.size() > MOST_LETTERS) {
            letters.removeLast();
        }
        letterCount++;
        lettersByMinute.merge(letter.time() / MINUTE_MS, 1L, Long::sum);
        lettersByMinute.headMap(lettersByMinute.lastKey() - 60).clear();
        add(partition, offset, new Change.Refused(letter));
    }

    /**
     * Notes how many partitions the examples have.
     *
     * @param topic their name
     */
    synchronized void partitions(String topic, int now) {
        if (partitions > 0 && now != partitions) {
            replicas.values()
                    .forEach(replica -> add(
                            TOPICS,
                            next.getOrDefault(TOPICS, 0L),
                            new Change.Marked(replica.partition(), replica.partitions(topic, now, partitions))));
        }
        partitions = now;
    }

    private Replica replica(int partition) {
        return replicas.computeIfAbsent(partition, Replica::new);
    }

    private void add(String partition, long offset, Change change) {
        if (offset < next.getOrDefault(partition, 0L)) { // the topic was deleted and made anew
            changes.clear();
            forgotten.putAll(next);
            forgotten.put(partition, offset + 1);
        }
        next.put(partition, offset + 1);
        changes.add(new Placed(partition, offset, change));
        if (changes.size() > MOST_CHANGES) {
            Placed first = changes.remove();
            forgotten.put(first.partition(), first.offset() + 1);
        }
    }

    /** The changes after a position, in order; empty if some of them are no longer kept, or the position is not one of these topics. */
    synchronized Optional<Increment> since(Positions from) {
        Positions position = position();
        if (!from.next().keySet().stream().allMatch(next::containsKey)
                || next.keySet().stream()
                        .anyMatch(each -> from.of(each) > position.of(each)
                                || from.of(each) < forgotten.getOrDefault(each, 0L))) {
            return Optional.empty();
        }
        List<Change> news = changes.stream()
                .filter(each -> each.offset() >= from.of(each.partition()))
                .map(Placed::change)
                .collect(Collectors.toCollection(ArrayList::new));
        news.stream()
                .filter(Change.Reported.class::isInstance)
                .map(change -> ((Change.Reported) change).partition())
                .distinct()
                .map(partition ->
                        new Change.Detailed(partition, replicas.get(partition).details()))
                .toList()
                .forEach(news::add);
        return Optional.of(new Increment(news, position));
    }

    synchronized Positions position() {
        return new Positions(next);
    }

    synchronized Whole whole() {
        return new Whole(
                model,
                view,
                replicas.values().stream().map(Replica::view).toList(),
                new ArrayList<>(versions),
                new ArrayList<>(letters),
                position());
    }

    /** The topic that the newest version was learned from; null when it is not known. */
    synchronized String learnedTopic() {
        return view == null ? null : view.topic();
    }

    /** @param now the time, ms */
    synchronized Facts facts(long now) {
        Map<Integer, Long> newest = new HashMap<>();
        versions.forEach(version -> newest.putIfAbsent(version.partition(), version.version()));
        Map<Integer, Long> learned = new HashMap<>(newest);
        List<Replica> reporting = replicas.values().stream()
                .filter(replica -> replica.last() != null)
                .toList();
        reporting.forEach(
                replica -> learned.merge(replica.partition(), replica.last().examples(), Math::max));
        return new Facts(
                learned.values().stream().mapToLong(Long::longValue).sum(),
                reporting.stream()
                        .mapToDouble(replica -> replica.examplesPerSecond(RATE_WINDOW_MS))
                        .filter(Double::isFinite)
                        .reduce(Double::sum)
                        .orElse(Double.NaN),
                reporting.stream()
                        .mapToLong(replica -> replica.last().time())
                        .max()
                        .orElse(0),
                versions.isEmpty() ? 0 : versions.peekFirst().time(),
                newest.values().stream().mapToLong(Long::longValue).sum(),
                letterCount,
                lettersByMinute.tailMap(now / MINUTE_MS - 60, false).values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
    }
}
