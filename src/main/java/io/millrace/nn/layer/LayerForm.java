package io.millrace.nn.layer;

/**
 * How a kind of layer is written in a line of layers: its name, and how it is made from its arguments and the shape that enters.
 *
 * @param name for example {@code conv}
 * @param examples how it can be written
 * @param activated whether it has an activation also where none is written
 * @param reader makes the kind
 */
public record LayerForm(String name, String examples, boolean activated, Reader reader) {
    /** Makes a kind. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Makes the kind.
         *
         * @throws IllegalArgumentException if the arguments are wrong or do not fit the shape
         */
        LayerKind read(Arguments arguments, Shape in);
    }

    /** The kind with these arguments, all of which it knows. */
    public LayerKind read(Arguments arguments, Shape in) {
        LayerKind kind = reader.read(arguments, in);
        arguments.requireEnd(name);
        return kind;
    }

    /** The text of a kind in saved state: how it is written, and what enters. */
    public static String shaped(LayerKind kind, Shape in) {
        return kind.written().replace(" ", "") + "@" + in;
    }
}
