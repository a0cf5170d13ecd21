package io.millrace.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** What the page shows first, as text: the state, the curves with their marks, the members, the partitions. A pure function of the picture. */
final class TextPage {
    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle SOFT = PLAIN.faint();
    private static final AttributedStyle GOOD = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle BAD = PLAIN.foreground(AttributedStyle.RED);
    private static final AttributedStyle MARK = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle CURVE = PLAIN.foreground(AttributedStyle.CYAN);

    private static final String GAP = "   ";
    private static final int LABEL = 9; // characters left of a curve
    private static final int LEAST_WIDTH = 20;
    private static final int LEAST_HEIGHT = 3;
    private static final int MOST_HEIGHT = 8;
    private static final int MOST_MARKS = 3;

    private record Curve(String name, ToDoubleFunction<Point> number) {}

    private final Picture.Whole whole;
    private final Status status;
    private final Replica.View replica; // null before the first
    private final int columns;

    /**
     * @param partition of the replica whose curves are shown; null: the first that there is
     * @param columns width of a line
     */
    TextPage(Picture.Whole whole, Status status, Integer partition, int columns) {
        this.whole = whole;
        this.status = status;
        this.columns = columns;
        replica = whole.replicas().stream()
                .filter(each -> partition == null || each.partition() == partition)
                .findFirst()
                .orElse(null);
    }

    /**
     * The whole page.
     *
     * @param rows limit of the number of lines
     */
    List<AttributedString> lines(int rows) {
        List<AttributedString> head = head();
        List<AttributedString> foot = foot();
        List<Curve> curves = curves();
        List<List<AttributedString>> headings =
                curves.stream().map(this::heading).toList();
        int fixed = head.size()
                + foot.size()
                + headings.stream()
                        .mapToInt(each -> each.size() + (replica.marks().isEmpty() ? 2 : 3))
                        .sum();
        List<AttributedString> partitions = partitions(rows - fixed - LEAST_HEIGHT * curves.size());
        fixed += partitions.size();
        int height = Math.max(LEAST_HEIGHT, Math.min(MOST_HEIGHT, (rows - fixed) / Math.max(1, curves.size())));
        List<AttributedString> lines = new ArrayList<>(head);
        for (int i = 0; i < curves.size(); i++) {
            lines.add(AttributedString.EMPTY);
            lines.addAll(headings.get(i));
            lines.addAll(drawn(curves.get(i), height));
        }
        lines.addAll(foot);
        lines.addAll(partitions);
        return lines.stream()
                .map(line -> line.columnSubSequence(0, columns))
                .limit(rows)
                .toList();
    }

    /** The state and the newest numbers in one line, for a log. */
    String line() {
        List<String> parts = new ArrayList<>(List.of(status.sentence()));
        parts.add(TextNumbers.whole(status.learned()) + " examples learned");
        Point last = last();
        if (last != null) {
            curves().forEach(curve -> parts.add(curve.name() + " " + now(curve, last)));
        }
        parts.addAll(rates());
        if (status.deadLetters() > 0) {
            parts.add(letters());
        }
        marks().reduce((older, newer) -> newer).ifPresent(parts::add);
        if (status.problem() != null) {
            parts.add(status.problem());
        }
        return TextLines.safe(String.join(", ", parts));
    }

    private List<AttributedString> head() {
        List<AttributedString> fields = new ArrayList<>();
        fields.add(TextLines.text("version "
                + (status.versionAge() == null
                        ? "none"
                        : TextNumbers.whole(status.version()) + ", " + TextNumbers.age(status.versionAge()) + " old")));
        rates().forEach(rate -> fields.add(TextLines.text(rate)));
        if (status.deadLetters() > 0) {
            fields.add(TextLines.text(letters(), status.deadLettersLastHour() > 0 ? BAD : PLAIN));
        }
        List<AttributedString> lines = new ArrayList<>(TextLines.ofFields(
                columns,
                List.of(
                        TextLines.text("Millrace " + whole.model(), PLAIN.bold()),
                        TextLines.text("● " + status.sentence(), style(status.code())))));
        lines.addAll(TextLines.ofFields(columns, fields));
        if (status.problem() != null) {
            lines.addAll(TextLines.ofSentence(columns, status.problem(), BAD));
        }
        return lines;
    }

    private static AttributedStyle style(String code) {
        return switch (code) {
            case "learning" -> GOOD;
            case "stopped", "stalled" -> BAD;
            default -> PLAIN;
        };
    }

    private List<String> rates() {
        Double examples = status.examplesPerSecond();
        Double answers = status.answersPerSecond();
        Stream<String> always = Stream.of(
                (examples == null ? "?" : TextNumbers.whole(examples)) + " examples/s",
                "lag " + (status.lag() == null ? "not known" : TextNumbers.whole(status.lag())));
        return answers == null || answers == 0
                ? always.toList()
                : Stream.concat(always, Stream.of(TextNumbers.whole(answers) + " answers/s"))
                        .toList();
    }

    private String letters() {
        return TextNumbers.whole(status.deadLetters()) + " dead letter" + (status.deadLetters() == 1 ? "" : "s");
    }

    private Point last() {
        return replica == null || replica.points().isEmpty()
                ? null
                : replica.points().get(replica.points().size() - 1);
    }

    /** The loss, and the metric that the page shows first. */
    private List<Curve> curves() {
        Point last = last();
        if (last == null) {
            return List.of();
        }
        Curve loss = new Curve("loss", Point::fadedLoss);
        return last.fadedMetrics().keySet().stream()
                .filter(name -> !name.equals("logLoss"))
                .sorted()
                .findFirst()
                .map(name -> List.of(
                        loss, new Curve(name, point -> point.fadedMetrics().getOrDefault(name, Double.NaN))))
                .orElse(List.of(loss));
    }

    private static String now(Curve curve, Point last) {
        return TextNumbers.digits(curve.number().applyAsDouble(last));
    }

    private TextChart chart(Curve curve) {
        return new TextChart(replica.points(), curve.number(), width());
    }

    private List<AttributedString> heading(Curve curve) {
        TextChart chart = chart(curve);
        String of = whole.replicas().size() > 1 ? " of partition " + replica.partition() : "";
        return TextLines.ofFields(
                columns,
                List.of(
                        TextLines.text(curve.name() + of + " " + now(curve, last()), PLAIN.bold()),
                        TextLines.text("prequential, faded", SOFT),
                        TextLines.text("lowest " + TextNumbers.digits(chart.low()), SOFT),
                        TextLines.text("highest " + TextNumbers.digits(chart.high()), SOFT)));
    }

    private List<AttributedString> drawn(Curve curve, int height) {
        TextChart chart = chart(curve);
        List<String> bars = chart.lines(height);
        List<AttributedString> lines = new ArrayList<>();
        for (int i = 0; i < height; i++) {
            double label = i == 0 ? chart.high() : chart.low();
            lines.add(new AttributedStringBuilder()
                    .styled(SOFT, label(i == 0 || i == height - 1 ? TextNumbers.digits(label) : ""))
                    .styled(CURVE, bars.get(i))
                    .toAttributedString());
        }
        if (!replica.marks().isEmpty()) {
            StringBuilder marks = new StringBuilder(" ".repeat(width()));
            replica.marks().forEach(mark -> marks.setCharAt(chart.column(mark.examples()), '▲'));
            lines.add(TextLines.text(label("") + marks, MARK));
        }
        lines.add(axis());
        return lines;
    }

    private static String label(String number) {
        return String.format(Locale.ROOT, "%" + (LABEL - 1) + "s ", number);
    }

    /** The number of examples at both ends. */
    private AttributedString axis() {
        String begin = TextNumbers.whole(replica.points().get(0).examples());
        String end = TextNumbers.whole(last().examples());
        return TextLines.text(
                label("examples") + begin + String.format(Locale.ROOT, "%" + (width() - begin.length()) + "s", end),
                SOFT);
    }

    private int width() {
        return Math.max(LEAST_WIDTH, columns - LABEL);
    }

    private List<AttributedString> foot() {
        List<AttributedString> lines = new ArrayList<>();
        if (last() == null) {
            lines.add(AttributedString.EMPTY);
            lines.addAll(TextLines.ofSentence(columns, nothing(), SOFT));
            return lines;
        }
        List<String> marks = marks().toList();
        if (!marks.isEmpty()) {
            lines.add(AttributedString.EMPTY);
            marks.subList(Math.max(0, marks.size() - MOST_MARKS), marks.size())
                    .forEach(mark -> lines.addAll(TextLines.ofSentence(columns, "▲ " + mark, MARK)));
        }
        if (!replica.members().isEmpty()) {
            lines.add(AttributedString.EMPTY);
            lines.add(TextLines.text(member("member", "weight", "loss"), SOFT));
            for (int i = 0; i < replica.members().size(); i++) {
                lines.add(TextLines.text(member(
                        replica.members().get(i),
                        TextNumbers.digits(last().memberWeights()[i]),
                        TextNumbers.digits(last().memberLosses()[i]))));
            }
        }
        whole.letters().stream()
                .findFirst()
                .ifPresent(letter -> lines.addAll(TextLines.ofSentence(
                        columns,
                        "Last dead letter: " + (letter.cause().isEmpty() ? "no cause" : letter.cause()) + ".",
                        BAD)));
        return lines;
    }

    /** @param room lines that the rest leaves */
    private List<AttributedString> partitions(int room) {
        TextPartitions partitions = new TextPartitions(status, columns);
        List<AttributedString> lines = new ArrayList<>(List.of(AttributedString.EMPTY));
        lines.addAll(partitions.lines());
        return lines.size() == 1 || lines.size() > room ? partitions.summary() : lines;
    }

    private String nothing() {
        if (status.code().equals(Status.READING)) {
            return "Reading the topics.";
        }
        return replica == null && !whole.replicas().isEmpty()
                ? "There is no such partition; there are "
                        + whole.replicas().stream()
                                .map(each -> String.valueOf(each.partition()))
                                .collect(Collectors.joining(", "))
                        + "."
                : "No report yet: the first one comes when training has learned a mini-batch.";
    }

    private static String member(String name, String weight, String loss) {
        return String.format(Locale.ROOT, "%-16s%10s%10s", name, weight, loss);
    }

    private Stream<String> marks() {
        return replica == null
                ? Stream.empty()
                : replica.marks().stream()
                        .map(mark -> "at " + TextNumbers.whole(mark.examples()) + " examples: " + mark.text());
    }
}
