package io.millrace.nn.layer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The arguments of a layer as they are written, {@code 16, 3x3, stride=2}: some by their place, options by their name. */
public final class Arguments {
    private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern SIZE = Pattern.compile(COUNT + "(x" + COUNT + ")?");

    /** A piece of the text; it starts in this column. */
    private record Piece(String text, int column) {
        LayerTextException wrong(String problem) {
            return new LayerTextException(column, text, problem);
        }
    }

    private final Deque<Piece> placed = new ArrayDeque<>();
    private final Map<String, Piece> options = new LinkedHashMap<>();
    private final Piece all;

    /**
     * Splits a text.
     *
     * @param layer what is before the parentheses
     * @param text what is between them
     * @param column where the text starts
     * @throws LayerTextException if it is not a list of arguments
     */
    public Arguments(String layer, String text, int column) {
        all = new Piece(text.isBlank() ? layer : layer + "(" + text + ")", column - layer.length() - 1);
        int start = 0;
        while (start <= text.length() && !text.isBlank()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            add(piece(text, start, end, column));
            start = end + 1;
        }
    }

    private static Piece piece(String text, int from, int to, int column) {
        int start = from;
        while (start < to && text.charAt(start) == ' ') {
            start++;
        }
        return new Piece(text.substring(start, to).strip(), column + start);
    }

    private void add(Piece piece) {
        if (piece.text.isEmpty()) {
            throw all.wrong("an argument is missing before or after a comma");
        }
        int equals = piece.text.indexOf('=');
        if (equals < 0) {
            placed.add(piece);
            return;
        }
        String name = piece.text.substring(0, equals).strip();
        Piece value = piece(piece.text, equals + 1, piece.text.length(), piece.column);
        if (options.put(name, value) != null) {
            throw piece.wrong(name + " is there twice");
        }
    }

    private Piece next(String what, String example) {
        Piece next = placed.poll();
        if (next == null) {
            throw all.wrong(what + " is missing, for example " + example);
        }
        return next;
    }

    /** Takes the next argument, a number of at least 1. */
    public int count(String what) {
        return count(next(what, "16"), what);
    }

    /** Takes the option with this name, a number of at least 1. */
    public int count(String name, int otherwise) {
        Piece value = options.remove(name);
        return value == null ? otherwise : count(value, name);
    }

    private static int count(Piece piece, String what) {
        if (!COUNT.matcher(piece.text).matches()) {
            throw piece.wrong(what + " must be a whole number of at least 1");
        }
        return Integer.parseInt(piece.text);
    }

    /** Takes the next argument, a size such as {@code 3x3} or {@code 3}, which is 3x3 for an image and 3 steps of a sequence. */
    public Size size(String what, Shape in) {
        return size(next(what, in.width() == 1 ? "3" : "3x3"), what, in);
    }

    /** Takes the option with this name, a size. */
    public Size size(String name, Shape in, Size otherwise) {
        Piece value = options.remove(name);
        return value == null ? otherwise : size(value, name, in);
    }

    private static Size size(Piece piece, String what, Shape in) {
        if (!SIZE.matcher(piece.text).matches()) {
            throw piece.wrong(what + " must be a size, for example " + (in.width() == 1 ? "3" : "3x3 or 3"));
        }
        String[] parts = piece.text.split("x");
        int height = Integer.parseInt(parts[0]);
        return new Size(height, parts.length == 2 ? Integer.parseInt(parts[1]) : in.width() == 1 ? 1 : height);
    }

    /** Takes the option with this name, one of some words. */
    public <T> T choice(String name, T otherwise, T[] values) {
        Piece value = options.remove(name);
        if (value == null) {
            return otherwise;
        }
        return Arrays.stream(values)
                .filter(one -> one.toString().equals(value.text))
                .findFirst()
                .orElseThrow(() -> value.wrong(name + " must be one of "
                        + Arrays.stream(values).map(Objects::toString).collect(Collectors.joining(", "))));
    }

    /** Takes this word, if it is among the arguments. */
    public boolean flag(String word) {
        return placed.removeIf(piece -> piece.text.equals(word));
    }

    /** Takes the next argument, a number in [0, 1). */
    public double fraction(String what) {
        Piece piece = next(what, "0.2");
        if (!piece.text.matches("0|0?\\.[0-9]{1,20}")) {
            throw piece.wrong(what + " must be at least 0 and below 1");
        }
        return Double.parseDouble(piece.text);
    }

    /** Takes the option with this name, a number above 0. */
    public double positive(String name, double otherwise) {
        Piece value = options.remove(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.text.matches("[0-9]{0,9}\\.?[0-9]{1,20}") || Double.parseDouble(value.text) == 0) {
            throw value.wrong(name + " must be above 0, for example 0.001");
        }
        return Double.parseDouble(value.text);
    }

    /** Takes the option with this name, a word. */
    public String word(String name, String otherwise) {
        Piece value = options.remove(name);
        return value == null ? otherwise : value.text;
    }

    /** Refuses arguments that nobody took. */
    public void requireEnd(String layer) {
        if (!placed.isEmpty()) {
            throw placed.peek().wrong(layer + " has no argument for it");
        }
        options.forEach((name, value) -> {
            throw value.wrong(layer + " has no option " + name);
        });
    }
}
