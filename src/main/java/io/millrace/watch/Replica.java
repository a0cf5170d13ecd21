package io.millrace.watch;

import io.millrace.avro.Configuration;
import io.millrace.avro.ExpertReport;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import io.millrace.topology.training.LossChart;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/** What is known of one replica of the model: its curves, and the events that explain them. */
final class Replica {
    private static final int MOST_POINTS = 600; // the newest, and as many older ones
    private static final int MOST_MARKS = 200;

    /** The form in which the page takes it. */
    record View(
            int partition,
            List<String> members,
            List<Point> points,
            List<HeldOut> heldOut,
            List<Mark> marks,
            long refused,
            Details details) {}

    private final int partition;
    private Series<Point> points = new Series<>(MOST_POINTS);
    private Series<HeldOut> heldOut = new Series<>(MOST_POINTS);
    private final Deque<Mark> marks = new ArrayDeque<>();
    private LossChart chart = new LossChart();
    private List<String> members = List.of();
    private long refused;
    private ValidationLoss newest; // null before the first report
    private int configurations = 1; // of the newest version
    private int stretches; // of the newest version; 0 before the first
    private long version; // number of the newest version

    Replica(int partition) {
        this.partition = partition;
    }

    Change.Reported add(ValidationLoss report, long time) {
        Point last = points.last();
        List<Mark> found = new ArrayList<>(Mark.of(report));
        boolean anew = last != null && report.getExamples() < last.examples();
        if (anew) {
            points = new Series<>(MOST_POINTS);
            heldOut = new Series<>(MOST_POINTS);
            marks.clear();
            refused = 0;
            configurations = 1;
            chart = new LossChart();
            stretches = 0;
            found.add(0, Mark.anew(report));
        }
        if (chart.jumps(report.getLoss())) {
            found.add(Mark.jumped(report));
        }
        Point point = Point.of(report, time);
        HeldOut held = HeldOut.of(report);
        points.add(point);
        if (held != null) {
            heldOut.add(held);
        }
        refused += report.getRefusedExamples();
        newest = report;
        members = report.getExperts().stream().map(ExpertReport::getName).toList();
        keep(found);
        return new Change.Reported(partition, anew, members, point, held, report.getRefusedExamples(), found);
    }

    /** The changes of settings that a version tells and none before it told. */
    List<Mark> changedSettings(List<Configuration> told) {
        List<Mark> found = told.size() <= configurations
                ? List.of()
                : told.subList(configurations, told.size()).stream()
                        .map(Mark::of)
                        .toList();
        configurations = Math.max(1, told.size());
        keep(found);
        return found;
    }

    /** The changes of what is read that a version tells and none before it told. They happened after the version before. */
    List<Mark> changedInput(ModelSnapshot head) {
        List<InputStretch> inputs = head.getInputs();
        List<Mark> found = new ArrayList<>();
        for (int i = Math.max(1, stretches); i < inputs.size(); i++) {
            OptionalLong examples = stretches > 0 ? OptionalLong.of(version) : configured(head, i);
            if (examples.isPresent()) {
                found.add(Mark.of(examples.getAsLong(), inputs.get(i), inputs.get(i - 1)));
            }
        }
        stretches = inputs.size();
        version = head.getVersion();
        keep(found);
        return found;
    }

    /** The examples that had been learned when settings changed in a stretch, which often began with them; of others nothing tells. */
    private static OptionalLong configured(ModelSnapshot head, int stretch) {
        return head.getConfigurations().stream()
                .filter(each -> each.getStretch() == stretch)
                .mapToLong(Configuration::getVersion)
                .findFirst();
    }

    /** Adds a mark of now. */
    Mark partitions(String topic, int now, int before) {
        Mark mark =
                Mark.partitions(points.last() == null ? version : points.last().examples(), topic, now, before);
        keep(List.of(mark));
        return mark;
    }

    private void keep(List<Mark> found) {
        marks.addAll(found);
        while (marks.size() > MOST_MARKS) {
            marks.remove();
        }
    }

    int partition() {
        return partition;
    }

    /** Details of the last report; null before the first. */
    Details details() {
        return newest == null ? null : Details.of(newest);
    }

    /** The last report; null before the first. */
    Point last() {
        return points.last();
    }

    /**
     * Examples learned a second.
     *
     * @param windowMs the time before the last report that counts
     * @return NaN if there is only one report in it
     */
    double examplesPerSecond(long windowMs) {
        Point last = points.last();
        if (last == null) {
            return Double.NaN;
        }
        Point first = points.newest().stream()
                .filter(point -> point.time() >= last.time() - windowMs)
                .findFirst()
                .orElse(last);
        return 1000.0 * (last.examples() - first.examples()) / (last.time() - first.time()); // 0 / 0 is NaN
    }

    View view() {
        return new View(partition, members, points.points(), heldOut.points(), List.copyOf(marks), refused, details());
    }
}
