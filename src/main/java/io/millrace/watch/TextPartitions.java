package io.millrace.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** The partitions that are read, as text: a line each, the worst first. Worst is what no member reads, then what has the largest lag. */
final class TextPartitions {
    private static final AttributedStyle SOFT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle BAD = AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);

    private static final int MOST = 5;
    private static final int NUMBERS = 45; // characters of lag, rate and state
    private static final int LEAST_LABEL = 12;

    private final List<Consumed> worst;
    private final int count;
    private final int label; // characters

    /** @param columns width of a line */
    TextPartitions(Status status, int columns) {
        worst = status.partitions().stream()
                .sorted(Comparator.comparing((Consumed each) -> isRead(each))
                        .thenComparing(Comparator.comparingLong(Consumed::lag).reversed()))
                .toList();
        count = status.partitionCount();
        int longest = worst.stream()
                .limit(MOST)
                .mapToInt(each -> label(each).length())
                .max()
                .orElse(0);
        label = Math.max(LEAST_LABEL, Math.min(longest, columns - NUMBERS));
    }

    private static boolean isRead(Consumed partition) {
        return partition.holder() != null;
    }

    private static String label(Consumed partition) {
        return partition.topic() + ", " + partition.partition();
    }

    /** A heading, and a line for each of the worst; empty if no partition is known. */
    List<AttributedString> lines() {
        if (worst.isEmpty()) {
            return List.of();
        }
        List<AttributedString> lines = new ArrayList<>();
        lines.add(TextLines.text(row("partition", "lag", "records/s", "state", "committed"), SOFT));
        worst.stream()
                .limit(MOST)
                .forEach(each -> lines.add(TextLines.text(
                        row(
                                label(each),
                                TextNumbers.whole(each.lag()),
                                each.perSecond() == null ? "?" : TextNumbers.whole(each.perSecond()),
                                state(each),
                                committed(each)),
                        isRead(each) ? AttributedStyle.DEFAULT : BAD)));
        if (count > MOST) {
            long lag = worst.stream().skip(MOST).mapToLong(Consumed::lag).max().orElse(0);
            lines.add(TextLines.text(
                    "and " + TextNumbers.whole(count - MOST) + " more with a lag of at most " + TextNumbers.whole(lag),
                    SOFT));
        }
        return lines;
    }

    /** The same in one line; empty if no partition is known. */
    List<AttributedString> summary() {
        if (worst.isEmpty()) {
            return List.of();
        }
        Consumed first = worst.get(0);
        return List.of(TextLines.text(
                TextNumbers.whole(count) + (count == 1 ? " partition: " : " partitions, the worst: ") + label(first)
                        + ", lag " + TextNumbers.whole(first.lag()) + ", " + state(first),
                isRead(first) ? SOFT : BAD));
    }

    /** The number of a partition is at the end of its label, which is therefore shortened at the front. */
    private String row(String label, String lag, String rate, String state, String committed) {
        String shown = label.length() <= this.label ? label : "…" + label.substring(label.length() - this.label + 1);
        return String.format(Locale.ROOT, "%-" + this.label + "s%12s%11s  %-20s%s", shown, lag, rate, state, committed);
    }

    private static String state(Consumed partition) {
        if (!isRead(partition)) {
            return "no member reads it";
        }
        return partition.lag() == 0 ? "all is read" : "is being read";
    }

    private static String committed(Consumed partition) {
        return partition.committed() == null
                ? "nothing"
                : TextNumbers.whole(partition.committed()) + " of " + TextNumbers.whole(partition.end());
    }
}
