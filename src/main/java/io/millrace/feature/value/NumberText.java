package io.millrace.feature.value;

import java.nio.charset.StandardCharsets;

/**
 * Numbers in text: {@code -12.50}, {@code .5}, {@code 1e-3}, with spaces around them. The result is that of {@link Double#parseDouble};
 * its other forms, such as {@code 1d} and {@code Infinity}, are no numbers here.
 */
final class NumberText {
    private static final int MOST_DIGITS = 18; // that fit into a long

    private NumberText() {}

    /** @return the number nearest to the text, which may be infinite; NaN if it is no number */
    static double parse(byte[] text, int from, int to) {
        int at = from;
        int end = to;
        while (at < end && text[at] == ' ') {
            at++;
        }
        while (end > at && text[end - 1] == ' ') {
            end--;
        }
        int start = at;
        boolean negative = at < end && text[at] == '-';
        if (at < end && (text[at] == '-' || text[at] == '+')) {
            at++;
        }
        long unscaled = 0;
        int digits = 0;
        int significant = 0;
        int scale = 0;
        boolean point = false;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                digits++;
                if (significant > 0 || digit > 0) {
                    significant++;
                    unscaled = significant <= MOST_DIGITS ? unscaled * 10 + digit : unscaled;
                }
                scale += point ? 1 : 0;
            } else if (text[at] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        int exponent = 0;
        if (at < end) {
            int exponentAt = at + 1;
            if ((text[at] | 0x20) != 'e') {
                return Double.NaN;
            }
            at = exponentAt;
            boolean down = at < end && text[at] == '-';
            if (at < end && (text[at] == '-' || text[at] == '+')) {
                at++;
            }
            if (at == end) {
                return Double.NaN;
            }
            for (; at < end; at++) {
                int digit = text[at] - '0';
                if (digit < 0 || digit > 9) {
                    return Double.NaN;
                }
                exponent = Math.min(exponent * 10 + digit, 100_000);
            }
            exponent = down ? -exponent : exponent;
        }
        boolean exact = significant <= MOST_DIGITS && unscaled <= Decimals.EXACT && Math.abs(scale - exponent) <= 22;
        if (!exact) {
            return Double.parseDouble(new String(text, start, end - start, StandardCharsets.ISO_8859_1));
        }
        double value = Decimals.nearest(unscaled, scale - exponent);
        return negative ? -value : value;
    }
}
