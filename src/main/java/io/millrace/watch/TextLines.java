package io.millrace.watch;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Texts in lines of a given width. */
final class TextLines {
    private static final String GAP = "   ";

    private TextLines() {}

    static AttributedString text(String text) {
        return text(text, AttributedStyle.DEFAULT);
    }

    static AttributedString text(String text, AttributedStyle style) {
        return new AttributedString(safe(text), style);
    }

    /** Names and causes come from records: they must not move the cursor. */
    static String safe(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Fields side by side, in as many lines as they need. */
    static List<AttributedString> ofFields(int columns, List<AttributedString> fields) {
        return joined(columns, fields, GAP);
    }

    /** A sentence, word by word. */
    static List<AttributedString> ofSentence(int columns, String sentence, AttributedStyle style) {
        return joined(
                columns,
                List.of(sentence.split(" ")).stream()
                        .map(word -> text(word, style))
                        .toList(),
                " ");
    }

    private static List<AttributedString> joined(int columns, List<AttributedString> parts, String gap) {
        List<AttributedString> lines = new ArrayList<>();
        AttributedStringBuilder line = new AttributedStringBuilder();
        for (AttributedString part : parts) {
            if (line.length() > 0 && line.columnLength() + gap.length() + part.columnLength() > columns) {
                lines.add(line.toAttributedString());
                line = new AttributedStringBuilder();
            }
            line.append(line.length() == 0 ? "" : gap).append(part);
        }
        lines.add(line.toAttributedString());
        return lines;
    }
}
