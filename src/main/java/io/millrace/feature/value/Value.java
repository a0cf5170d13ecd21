package io.millrace.feature.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One value of a record, in the form in which its format has it. It refers to the bytes of the record and is reused from record to record.
 * Conversions allocate nothing, except for fractions and decimals as text and for numbers of more than 15 digits.
 */
public final class Value {
    /** Forms of values. */
    public enum Kind {
        /** Null. */
        MISSING,
        /** True or false. */
        BOOLEAN,
        /** A whole number that fits into 64 bits. */
        WHOLE,
        /** A float or a double. */
        REAL,
        /** A decimal: an unscaled whole number in two's complement and a scale. */
        DECIMAL,
        /** A number in decimal digits. */
        NUMERAL,
        /** UTF-8. */
        TEXT,
        /** Bytes that mean nothing else; a category may be made of them. */
        BYTES,
        /** A record or a map. */
        RECORD
    }

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_SHOWN = 100;

    private Kind kind = Kind.MISSING;
    private long whole;
    private double real;
    private TimeScale timeScale;
    private int scale;
    private byte[] bytes;
    private int from;
    private int to;
    private final byte[] digits = new byte[20]; // of the smallest long
    private byte[] text;
    private int textFrom;
    private int textTo;

    /** Sets null. */
    public void missing() {
        kind = Kind.MISSING;
    }

    /** Sets true or false. */
    public void bool(boolean value) {
        kind = Kind.BOOLEAN;
        whole = value ? 1 : 0;
    }

    /** Sets a whole number, and what it means as a time. */
    public void whole(long value, TimeScale asTime) {
        kind = Kind.WHOLE;
        whole = value;
        timeScale = asTime;
    }

    /** Sets a real number. */
    public void real(double value) {
        kind = Kind.REAL;
        real = value;
    }

    /** Sets {@code unscaled / 10^scale}; the unscaled number is in two's complement, big-endian, in these bytes. */
    public void decimal(byte[] unscaled, int from, int to, int scale) {
        kind = Kind.DECIMAL;
        slice(unscaled, from, to);
        this.scale = scale;
    }

    /** Sets a number that is written in these bytes. */
    public void numeral(byte[] ascii, int from, int to) {
        kind = Kind.NUMERAL;
        slice(ascii, from, to);
    }

    /** Sets the text in these bytes. */
    public void text(byte[] utf8, int from, int to) {
        kind = Kind.TEXT;
        slice(utf8, from, to);
    }

    /** Sets bytes. */
    public void bytes(byte[] bytes, int from, int to) {
        kind = Kind.BYTES;
        slice(bytes, from, to);
    }

    /** Sets a record or a map, which is no single value. */
    public void record() {
        kind = Kind.RECORD;
    }

    private void slice(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** The form of this value. */
    public Kind kind() {
        return kind;
    }

    /** Null, NaN and the empty text are missing. */
    public boolean isMissing() {
        return switch (kind) {
            case MISSING -> true;
            case REAL -> Double.isNaN(real);
            case TEXT, BYTES -> from == to;
            default -> false;
        };
    }

    /** Whether {@link #number} reads it as a number. */
    public boolean isNumber() {
        return switch (kind) {
            case WHOLE, REAL, DECIMAL, NUMERAL -> true;
            default -> false;
        };
    }

    long whole() {
        return whole;
    }

    TimeScale timeScale() {
        return timeScale;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /**
     * The value as a finite number; a text may hold one, too.
     *
     * @param field its name, for the message
     * @throws BadValueException if it is no number, or infinite
     */
    public double number(String field) {
        double number = switch (kind) {
            case WHOLE -> whole;
            case REAL -> real;
            case DECIMAL ->
                to - from <= Long.BYTES
                        ? Decimals.nearest(unscaled(), scale)
                        : decimal().doubleValue();
            case NUMERAL, TEXT -> NumberText.parse(bytes, from, to);
            default -> Double.NaN;
        };
        if (Double.isNaN(number)) {
            throw new BadValueException(field + " is " + shown() + ", no number");
        }
        if (Double.isInfinite(number)) {
            throw new BadValueException(field + " is " + shown() + ", which is no finite number");
        }
        return number;
    }

    /** The value 0 or 1 of a boolean; -1 if it is none. */
    public int bool() {
        return kind == Kind.BOOLEAN ? (int) whole : -1;
    }

    private long unscaled() {
        long unscaled = from < to && bytes[from] < 0 ? -1 : 0;
        for (int i = from; i < to; i++) {
            unscaled = unscaled << Byte.SIZE | bytes[i] & 0xff;
        }
        return unscaled;
    }

    private BigDecimal decimal() {
        return new BigDecimal(from == to ? BigInteger.ZERO : new BigInteger(bytes, from, to - from), scale);
    }

    /**
     * Makes the text of this value available. A number is its decimal digits without trailing zeros behind the point, whatever its type:
     * the number 7, the number 7.0 and the text {@code 7} have the same text.
     *
     * @param field its name, for the message
     * @throws BadValueException if it has no text
     */
    public void toText(String field) {
        switch (kind) {
            case TEXT, BYTES -> setText(bytes, from, to);
            case BOOLEAN -> text(whole == 1 ? TRUE : FALSE, field);
            case WHOLE -> writeDigits(whole);
            case REAL -> {
                if (real == (long) real && Math.abs(real) <= Decimals.EXACT) {
                    writeDigits((long) real);
                } else {
                    number(field); // refuses what is infinite
                    text(Decimals.text(Decimals.shortest(real)), field);
                }
            }
            case DECIMAL -> text(Decimals.text(decimal()), field);
            case NUMERAL -> numeralToText(field);
            default -> throw noText(field);
        }
    }

    private void numeralToText(String field) {
        boolean plain = true; // as most are: digits alone, which are their own text
        for (int i = from; i < to; i++) {
            plain &= bytes[i] >= '0' && bytes[i] <= '9' || i == from && bytes[i] == '-';
        }
        if (plain) {
            setText(bytes, from, to);
        } else {
            number(field); // refuses what is infinite
            text(Decimals.text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)), field);
        }
    }

    private void text(byte[] found, String field) {
        if (found == null) {
            throw new BadValueException(field + " is " + shown() + ", a number with too many digits");
        }
        setText(found, 0, found.length);
    }

    private void setText(byte[] found, int start, int end) {
        text = found;
        textFrom = start;
        textTo = end;
    }

    private void writeDigits(long number) {
        int at = digits.length;
        long rest = number;
        do {
            digits[--at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (number < 0) {
            digits[--at] = '-';
        }
        text = digits;
        textFrom = at;
        textTo = digits.length;
    }

    private BadValueException noText(String field) {
        return new BadValueException(field + " is " + shown() + ", not one value");
    }

    /** Bytes that hold the text, after {@link #toText}. */
    public byte[] textBytes() {
        return text;
    }

    /** Index of the first byte of the text. */
    public int textFrom() {
        return textFrom;
    }

    /** Index after the last byte of the text. */
    public int textTo() {
        return textTo;
    }

    /** The text as a string, after {@link #toText}. */
    public String text() {
        return new String(text, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
    }

    /** The value for a message: a text in quotation marks and cut when it is long. */
    public String shown() {
        return switch (kind) {
            case MISSING -> "null";
            case BOOLEAN -> whole == 1 ? "true" : "false";
            case WHOLE -> Long.toString(whole);
            case REAL -> Double.toString(real);
            case DECIMAL -> cut(decimal().toString());
            case NUMERAL -> cut(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            case TEXT ->
                '"'
                        + cut(new String(
                                Arrays.copyOfRange(bytes, from, Math.min(to, from + 4 * MOST_SHOWN)),
                                StandardCharsets.UTF_8))
                        + '"';
            case BYTES -> to - from + " bytes";
            case RECORD -> "a record";
        };
    }

    private static String cut(String shown) {
        return shown.length() <= MOST_SHOWN ? shown : shown.substring(0, MOST_SHOWN) + "...";
    }
}
