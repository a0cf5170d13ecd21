package io.millrace.watch;

import io.millrace.avro.Configuration;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ValidationLoss;
import io.millrace.topology.history.InputHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An event in the life of a replica that explains its curves.
 *
 * @param examples learned by then
 * @param kind {@code refused}, {@code returned}, {@code missing}, {@code stopped}, {@code jumped}, {@code settings}, {@code input} or
 *     {@code anew}
 * @param text what happened, without full stop
 */
record Mark(long examples, String kind, String text) {
    static List<Mark> of(ValidationLoss report) {
        List<Mark> marks = new ArrayList<>();
        boolean ensemble = !report.getExperts().isEmpty(); // it counts steps, and the other members learn the examples
        if (report.getRefusedExamples() > 0) {
            long refused = report.getRefusedExamples();
            String what = ensemble ? count(refused, "step") + " of members" : count(refused, "example");
            marks.add(at(report, "refused", "guard refused " + what));
        }
        if (report.getReturnedTo() != null) {
            marks.add(at(
                    report,
                    "returned",
                    (ensemble ? "a member went back" : "back") + " to version " + report.getReturnedTo()));
        }
        if (report.getMissingOffsets() > 0) {
            String offsets = count(report.getMissingOffsets(), "offset");
            marks.add(at(
                    report,
                    "missing",
                    offsets + " deleted before " + (report.getMissingOffsets() == 1 ? "it was" : "they were")
                            + " read"));
        }
        if (report.getPatienceEnded()) {
            marks.add(at(report, "stopped", "early stopping: back to the best weights"));
        }
        return marks;
    }

    /** @param changed a configuration after the first one */
    static Mark of(Configuration changed) {
        String keys = String.join(", ", new TreeSet<>(changed.getSettings().keySet()));
        return new Mark(changed.getVersion(), "settings", "settings changed: " + keys);
    }

    static Mark jumped(ValidationLoss report) {
        return at(report, "jumped", "the loss jumped");
    }

    /**
     * @param examples learned when the stretch began, as far as it is known
     * @param stretch of offsets, not the first
     * @param former the stretch before
     */
    static Mark of(long examples, InputStretch stretch, InputStretch former) {
        String from = " from offset " + stretch.getFromOffset() + " on";
        String text;
        if (stretch.getCause().equals(InputHistory.MOVED)) {
            text = "the group's offset was moved: reads " + stretch.getTopic() + from;
        } else if (stretch.getTopic().equals(former.getTopic())) {
            text = stretch.getTopic() + " was deleted and made anew: reads it" + from;
        } else {
            text = "reads " + stretch.getTopic() + from + ", before " + former.getTopic();
        }
        return new Mark(examples, "input", text);
    }

    /** The topic of the examples has another number of partitions than before. */
    static Mark partitions(long examples, String topic, int now, int before) {
        return new Mark(examples, "input", topic + " has " + count(now, "partition") + ", before " + before);
    }

    static Mark anew(ValidationLoss report) {
        return at(report, "anew", "the model began anew");
    }

    private static Mark at(ValidationLoss report, String kind, String text) {
        return new Mark(report.getExamples(), kind, text);
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
