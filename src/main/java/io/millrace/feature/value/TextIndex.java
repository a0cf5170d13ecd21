package io.millrace.feature.value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds a value among some texts by its text, {@link Value#toText}, without making a string of it. A text that is a number is found by the
 * other text of that number, too: {@code 1.0} by {@code 1}, which is the text of a double.
 */
public final class TextIndex {
    private final byte[][] texts;
    private final int count; // of the texts that were given; the texts behind them are other texts of numbers
    private final int[] numbered; // for each of these, the index of the text that was given
    private final int[] slots; // 1 + index of a text; 0: empty

    /** @param given distinct texts */
    public TextIndex(List<String> given) {
        count = given.size();
        Set<String> all = new LinkedHashSet<>(given);
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String other = ofNumber(given.get(i));
            if (other != null && all.add(other)) {
                owners.add(i);
            }
        }
        numbered = owners.stream().mapToInt(Integer::intValue).toArray();
        texts = all.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        slots = new int[Math.max(4, Integer.highestOneBit(texts.length) * 4)];
        for (int i = 0; i < texts.length; i++) {
            int slot = slot(texts[i], 0, texts[i].length);
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = i + 1;
        }
    }

    /** @return the text of the number that a text is; null if it is none */
    private static String ofNumber(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Double.isNaN(NumberText.parse(bytes, 0, bytes.length))) {
            return null;
        }
        byte[] other = Decimals.text(text.strip());
        return other == null ? null : new String(other, StandardCharsets.US_ASCII);
    }

    /** The index of the text that the text in these bytes is; -1 if it is none of them. */
    public int of(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        while (slots[slot] != 0) {
            int index = slots[slot] - 1;
            byte[] text = texts[index];
            if (Arrays.equals(text, 0, text.length, bytes, from, to)) {
                return index < count ? index : numbered[index - count];
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    private int slot(byte[] bytes, int from, int to) {
        return Murmur3.hash(bytes, from, to) & slots.length - 1;
    }
}
