package io.millrace.nn.layer;

/** A line of layers that cannot be read. The message begins with the place. */
public final class LayerTextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * @param column of the text, counted from 1
     * @param text what is there
     * @param problem what is wrong with it
     */
    public LayerTextException(int column, String text, String problem) {
        super("column " + column + ", \"" + text + "\": " + problem);
    }
}
