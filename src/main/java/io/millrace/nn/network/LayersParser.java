package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.layer.Arguments;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerTextException;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Wiring;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the layers of a network from a line that reads like the network: {@code conv(16, 3x3) relu, pool(2x2), flatten, dense(64) relu}. A layer may
 * have a name before it, to which later ones refer: {@code a: dense(64), dense(64) + a} adds the outputs of {@code a} before the activation,
 * {@code dense(32) [a, input]} reads {@code a} and the input side by side, and {@code dense(64, share=a)} uses the weights of {@code a}. {@code flatten}
 * changes only the shape, and {@code dropout(0.2)} belongs to the layer behind it. The output layer is added; {@code output [a, b]} at the end connects it
 * to others than the last layer.
 */
public final class LayersParser {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    static final String FLATTEN = "flatten";
    private static final String DROPOUT = "dropout";

    /** What a name or the place before a layer stands for. */
    private record Source(String wired, Shape shape) {}

    private final Words words;
    private final LayerForm output;
    private final Map<String, Activation> activations;
    private final Activation usual;
    private final List<Layer> layers = new ArrayList<>();
    private final List<Integer> columns = new ArrayList<>(); // of the layers
    private final List<String> written = new ArrayList<>(); // the layers
    private final List<Boolean> read = new ArrayList<>();
    private final Map<String, Source> names = new HashMap<>();
    private Source before;
    private double dropout; // of the next layer's inputs

    private LayersParser(String text, Shape input, int outputs, Map<String, Activation> activations, Activation usual) {
        words = new Words(text);
        output = new LayerForm(Wiring.OUTPUT, Wiring.OUTPUT, false, (arguments, in) -> new Dense(outputs));
        this.activations = activations;
        this.usual = usual;
        before = new Source(Wiring.INPUT, input);
        names.put(Wiring.INPUT, before);
    }

    /**
     * Reads the hidden layers and adds an output layer.
     *
     * @param text the line
     * @param input shape of what enters
     * @param outputs units of the output layer
     * @param activations the activations by their names
     * @param usual activation of a layer with weights where none is written
     * @throws IllegalArgumentException if it cannot be read; the message begins with the place
     */
    public static List<Layer> parse(
            String text, Shape input, int outputs, Map<String, Activation> activations, Activation usual) {
        return new LayersParser(text, input, outputs, activations, usual).layers();
    }

    private List<Layer> layers() {
        boolean ended = false;
        do {
            ended = item();
        } while (!ended && words.taken(","));
        if (!words.peek().isEmpty()) {
            throw wrong(
                    words.column(),
                    words.peek(),
                    ended ? "the output layer is the last one" : "a comma belongs before the next layer");
        }
        if (!ended) {
            layer(words.column(), output, new Arguments(Wiring.OUTPUT, "", words.column()));
        }
        for (int l = 0; l + 1 < layers.size(); l++) {
            if (!read.get(l)) {
                throw wrong(
                        columns.get(l), written.get(l), "nothing reads it: connect it to a later layer, or remove it");
            }
        }
        return layers;
    }

    /** Reads a layer, or what belongs to one; says whether it is the output layer. */
    private boolean item() {
        int start = words.column();
        String word = words.next("a layer is missing, for example dense(64)");
        String label = null;
        if (words.taken(":")) {
            label = label(start, word);
            start = words.column();
            word = words.next("a layer is missing behind its name, for example dense(64)");
        }
        Arguments arguments = arguments(word);
        if (word.equals(FLATTEN)) {
            arguments.requireEnd(word);
            before = new Source(before.wired, Shape.flat(before.shape.size()));
        } else if (word.equals(DROPOUT)) {
            dropout = arguments.fraction("the part of the inputs");
            arguments.requireEnd(word);
            if (label != null) {
                throw wrong(start, word, "it has no name, since it belongs to the layer behind it");
            }
        } else {
            layer(start, word.equals(Wiring.OUTPUT) ? output : form(start, word), arguments);
        }
        if (label != null) {
            names.put(label, before);
        }
        return word.equals(Wiring.OUTPUT);
    }

    private String label(int column, String name) {
        if (!NAME.matcher(name).matches() || name.equals(Wiring.OUTPUT)) {
            throw wrong(column, name, "a name is a letter, and letters or digits, and is not " + Wiring.OUTPUT);
        }
        if (names.containsKey(name)) {
            throw wrong(column, name, "something has this name already");
        }
        return name;
    }

    private Arguments arguments(String word) {
        int column = words.column();
        if (!words.taken("(")) {
            return new Arguments(word, "", words.end() + 1);
        }
        int start = words.end();
        String inner = words.until(')');
        if (inner == null) {
            throw wrong(column, words.rest(column), "a parenthesis is open and not closed");
        }
        return new Arguments(word, inner, start);
    }

    private static LayerForm form(int start, String word) {
        return LayerKinds.form(word)
                .orElseThrow(() -> wrong(
                        start,
                        word,
                        "no layer has this name: give one of " + LayerKinds.examples() + ", " + FLATTEN + ", " + DROPOUT
                                + "(0.2)"));
    }

    private void layer(int start, LayerForm form, Arguments arguments) {
        String shared = arguments.word("share", "");
        Activation activation = null;
        List<Source> inputs = List.of();
        List<Source> residuals = new ArrayList<>();
        while (!words.peek().isEmpty() && !words.peek().equals(",")) {
            int column = words.column();
            if (words.taken("+")) {
                residuals.add(source());
            } else if (words.taken("[")) {
                inputs = sources(column, inputs);
            } else {
                activation = activation(column, words.next("a comma belongs before the next layer"), activation);
            }
        }
        String layer = words.from(start);
        LayerKind kind = kind(start, layer, form, arguments, shape(start, layer, inputs));
        requireShape(start, layer, kind, residuals);
        Wiring wiring =
                new Wiring(wired(inputs), wired(residuals), shared.isEmpty() ? "" : owner(start, layer, shared));
        if (inputs.isEmpty() && !layers.isEmpty()) {
            read.set(layers.size() - 1, true);
        }
        columns.add(start);
        written.add(layer);
        read.add(false);
        Activation otherwise = form.activated() ? usual : Activation.IDENTITY;
        layers.add(new Layer(kind, activation == null ? otherwise : activation)
                .withWiring(wiring)
                .withInputDropout(dropout));
        dropout = 0;
        before = new Source(String.valueOf(layers.size()), kind.output());
    }

    private Activation activation(int column, String name, Activation former) {
        if (former != null) {
            throw wrong(column, name, "the layer has an activation already: a comma belongs before the next layer");
        }
        Activation activation = activations.get(name);
        if (activation == null) {
            throw wrong(
                    column,
                    name,
                    "no activation has this name: give one of " + String.join(", ", activations.keySet()));
        }
        return activation;
    }

    private static LayerKind kind(int start, String layer, LayerForm form, Arguments arguments, Shape in) {
        try {
            return form.read(arguments, in);
        } catch (LayerTextException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw wrong(start, layer, e.getMessage());
        }
    }

    private Shape shape(int start, String layer, List<Source> inputs) {
        if (inputs.isEmpty()) {
            return before.shape;
        }
        if (inputs.size() == 1) {
            return inputs.get(0).shape;
        }
        long width = inputs.stream().mapToLong(input -> input.shape.size()).sum();
        if (width > Integer.MAX_VALUE) {
            throw wrong(start, layer, "what enters is " + width + " wide: leave some of it out");
        }
        return Shape.flat((int) width);
    }

    private static void requireShape(int start, String layer, LayerKind kind, List<Source> residuals) {
        for (Source residual : residuals) {
            if (!residual.shape.equals(kind.output())) {
                throw wrong(
                        start,
                        layer,
                        "its output is " + kind.output() + ", and what is added is " + residual.shape
                                + ": both must have one shape");
            }
        }
    }

    private List<Source> sources(int column, List<Source> former) {
        if (!former.isEmpty()) {
            throw wrong(column, "[", "the inputs of the layer are there already");
        }
        List<Source> sources = new ArrayList<>();
        do {
            sources.add(source());
        } while (words.taken(","));
        if (!words.taken("]")) {
            throw wrong(words.column(), words.peek(), "a bracket is open and not closed");
        }
        return sources;
    }

    /** What a name stands for. */
    private Source source() {
        int column = words.column();
        String name = words.next("a name is missing");
        return named(column, name);
    }

    private Source named(int column, String name) {
        Source source = names.get(name);
        if (source == null) {
            throw wrong(
                    column,
                    name,
                    "nothing before has this name: give " + Wiring.INPUT
                            + ", or a name that a layer has before it, as a in a: dense(64)");
        }
        if (!source.wired.equals(Wiring.INPUT)) {
            read.set(Integer.parseInt(source.wired) - 1, true);
        }
        return source;
    }

    private String owner(int start, String layer, String name) {
        Source source = names.get(name);
        if (source == null || source.wired.equals(Wiring.INPUT)) {
            throw wrong(start, layer, "no layer before has the name " + name + ", whose weights it could share");
        }
        return source.wired;
    }

    private static List<String> wired(List<Source> sources) {
        return sources.stream().map(Source::wired).toList();
    }

    private static LayerTextException wrong(int column, String text, String problem) {
        return new LayerTextException(column, text, problem);
    }
}
