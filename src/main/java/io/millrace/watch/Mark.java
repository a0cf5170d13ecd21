package io.millrace.watch;

import io.millrace.avro.Configuration;
import io.millrace.avro.ValidationLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An event in the life of a replica that explains its curves.
 *
 * @param examples learned by then
 * @param kind {@code refused}, {@code returned}, {@code missing}, {@code stopped}, {@code jumped}, {@code settings} or {@code anew}
 * @param text what happened, without full stop
 */
record Mark(long examples, String kind, String text) {
    static List<Mark> of(ValidationLoss report) {
        List<Mark> marks = new ArrayList<>();
        if (report.getRefusedExamples() > 0) {
            marks.add(at(report, "refused", "guard refused " + count(report.getRefusedExamples(), "example")));
        }
        if (report.getReturnedTo() != null) {
            marks.add(at(report, "returned", "back to version " + report.getReturnedTo()));
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
