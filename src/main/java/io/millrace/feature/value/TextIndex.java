package io.millrace.feature.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Finds a text among some texts by its UTF-8 bytes, without making a string of it. */
public final class TextIndex {
    private final byte[][] texts;
    private final int[] slots; // 1 + index of a text; 0: empty

    /** @param texts distinct texts */
    public TextIndex(List<String> texts) {
        this.texts = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        slots = new int[Math.max(4, Integer.highestOneBit(texts.size()) * 4)];
        for (int i = 0; i < this.texts.length; i++) {
            int slot = slot(this.texts[i], 0, this.texts[i].length);
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = i + 1;
        }
    }

    /** The index of the text in these bytes; -1 if it is none of the texts. */
    public int of(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        while (slots[slot] != 0) {
            byte[] text = texts[slots[slot] - 1];
            if (Arrays.equals(text, 0, text.length, bytes, from, to)) {
                return slots[slot] - 1;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    private int slot(byte[] bytes, int from, int to) {
        return Murmur3.hash(bytes, from, to) & slots.length - 1;
    }
}
