package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.layer.Arguments;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.image.Convolution;
import io.millrace.nn.layer.image.Pooling;
import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Gru;
import io.millrace.nn.layer.recurrent.Lstm;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of layers that can be written in a line. A new one needs one line here. */
public final class LayerKinds {
    /** All of them. */
    public static final List<LayerForm> FORMS = List.of(
            Dense.FORM, Convolution.FORM, Pooling.FORM, Pooling.MEAN, Elman.FORM, Lstm.FORM, Gru.FORM, LayerNorm.FORM);

    private static final Pattern SAVED = Pattern.compile("([a-z_]+)(?:\\((.*)\\))?@([0-9x]+)");

    private LayerKinds() {}

    /** The form with this name. */
    public static Optional<LayerForm> form(String name) {
        return FORMS.stream().filter(form -> form.name().equals(name)).findFirst();
    }

    /** Whether the activation of a layer is worth a word: its kind has one where none is written, or it has one that its kind has not. */
    public static boolean showsActivation(Layer layer) {
        return activated(layer.kind()) || !layer.activation().equals(Activation.IDENTITY);
    }

    private static boolean activated(LayerKind kind) {
        return form(kind.written().split("\\(", 2)[0]).map(LayerForm::activated).orElse(true);
    }

    /** Whether a layer with this name needs an image or a sequence. */
    public static boolean readsShape(String name) {
        boolean flat = name.equals(Dense.FORM.name()) || name.equals(LayerNorm.FORM.name());
        return !flat && form(name).isPresent();
    }

    /** How all of them can be written. */
    public static String examples() {
        return FORMS.stream().map(LayerForm::examples).collect(Collectors.joining(", "));
    }

    /**
     * Reads the text of a kind in saved state.
     *
     * @throws IllegalArgumentException if it is not the {@code toString()} of one of these kinds with a shape
     */
    public static LayerKind of(String saved) {
        Matcher parts = SAVED.matcher(saved);
        LayerForm form = parts.matches() ? form(parts.group(1)).orElse(null) : null;
        if (form == null) {
            throw new IllegalArgumentException(
                    "the layer \"" + saved
                            + "\" is of a kind that this Millrace does not know: use the Millrace that wrote it, or a newer one");
        }
        Arguments arguments = parts.group(2) == null
                ? new Arguments(form.name(), "", parts.end(1) + 1)
                : new Arguments(form.name(), parts.group(2), parts.start(2) + 1);
        return form.read(arguments, Shape.of(parts.group(3)));
    }
}
