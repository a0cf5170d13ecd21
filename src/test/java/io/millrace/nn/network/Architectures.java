package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.layer.image.Convolution;
import io.millrace.nn.layer.image.Padding;
import io.millrace.nn.layer.image.Pooling;
import io.millrace.nn.layer.recurrent.Cell;
import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Gru;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;
import io.millrace.nn.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Networks of all kinds, drawn for properties. */
final class Architectures {
    private static final Activation[] ACTIVATIONS = {
        Activation.IDENTITY, Activation.TANH, Activation.SIGMOID, Activation.RELU, new LeakyRelu(0.2f)
    };

    private static final Cell[] CELLS = {new Lstm(), new Gru(), new Elman(false), new Elman(true)};

    /** A delta that keeps 1 / sqrt(var + delta) from blowing up what float rounds away. */
    private static final BatchNorm BATCH_NORM = new BatchNorm(0.3, 0.1, true);

    private Architectures() {}

    /** Chains of up to three hidden layers. */
    static Arbitrary<Architecture> chains() {
        Arbitrary<List<Layer>> hidden = Combinators.combine(
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.of(ACTIVATIONS),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0.0, 0.3))
                .as((units, activation, normalized, dropout) ->
                        new Layer(units, activation, normalized ? BATCH_NORM : null, dropout))
                .list()
                .ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.integers().between(1, 20),
                        hidden,
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.of(
                                Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR))
                .as((inputs, layers, outputs, loss) -> {
                    List<Layer> all = new ArrayList<>(layers);
                    all.add(new Layer(outputs, Activation.IDENTITY).withInputDropout(outputs % 2 == 0 ? 0.4 : 0));
                    return new Architecture(inputs, all, loss);
                });
    }

    /** Networks whose layers read any earlier ones, add some and share parameters where shapes allow it. */
    static Arbitrary<Architecture> graphs() {
        return Arbitraries.longs().map(seed -> graph(new Random(seed))).dontShrink();
    }

    private static Architecture graph(Random random) {
        int inputs = 1 + random.nextInt(18);
        int hidden = 1 + random.nextInt(4);
        int width = random.nextBoolean() ? inputs : 1 + random.nextInt(35); // one width, so that layers can be added
        List<Layer> layers = new ArrayList<>();
        List<Integer> unread = new ArrayList<>();
        for (int l = 1; l <= hidden + 1; l++) {
            boolean output = l == hidden + 1;
            int units = output ? 1 + random.nextInt(5) : random.nextInt(4) == 0 ? 1 + random.nextInt(35) : width;
            List<String> from = new ArrayList<>();
            from.add(name(output && !unread.isEmpty() ? unread.remove(0) : random.nextInt(l)));
            while (output ? !unread.isEmpty() : random.nextInt(3) == 0) {
                from.add(name(output ? unread.remove(0) : random.nextInt(l)));
            }
            List<String> added = new ArrayList<>();
            List<String> alike = new ArrayList<>();
            for (int other = 0; other < l; other++) {
                if (units == (other == 0 ? inputs : layers.get(other - 1).units()) && random.nextInt(3) == 0) {
                    added.add(name(other));
                }
            }
            Layer layer = new Layer(units, output ? Activation.IDENTITY : ACTIVATIONS[random.nextInt(5)])
                    .withInputDropout(random.nextInt(3) == 0 ? 0.3 : 0)
                    .withWiring(new Wiring(from, added, ""));
            for (int other = 1; other < l; other++) {
                Layer earlier = layers.get(other - 1);
                if (!earlier.normalized()
                        && earlier.units() == units
                        && fanIn(inputs, layers, earlier) == fanIn(inputs, layers, layer)) {
                    alike.add(name(other));
                }
            }
            if (!alike.isEmpty() && random.nextBoolean()) {
                layer = layer.sharing(alike.get(random.nextInt(alike.size())));
            } else if (!output && random.nextInt(4) == 0) {
                layer = layer.withBatchNorm(BATCH_NORM);
            }
            layers.add(layer);
            for (List<String> read : List.of(from, added)) {
                read.forEach(name -> unread.remove(name.equals("input") ? (Object) 0 : Integer.valueOf(name)));
            }
            unread.add(l);
        }
        return new Architecture(
                inputs,
                layers,
                List.of(Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR)
                        .get(random.nextInt(3)));
    }

    /** Networks of images and sequences: convolution, pooling, recurrent layers and layer normalisation, normalised by the batch or not, with residuals, shared weights and dropout. */
    static Arbitrary<Architecture> shaped() {
        return Arbitraries.longs().map(seed -> shaped(new Random(seed))).dontShrink();
    }

    private static Architecture shaped(Random random) {
        boolean sequence = random.nextBoolean();
        Shape in = new Shape(
                1 + random.nextInt(sequence ? 12 : 7), sequence ? 1 : 2 + random.nextInt(6), 1 + random.nextInt(3));
        Shape shape = in;
        List<Layer> layers = new ArrayList<>();
        int hidden = 1 + random.nextInt(3);
        for (int l = 0; l < hidden; l++) {
            Shape before = shape;
            Layer layer = new Layer(kind(random, shape), ACTIVATIONS[random.nextInt(5)]);
            shape = layer.kind().output();
            if (random.nextInt(4) == 0) {
                layer = layer.withInputDropout(0.3);
            }
            if (layer.kind().parameters(1) > 0 && random.nextInt(3) == 0) {
                layer = layer.withBatchNorm(BATCH_NORM);
            }
            layers.add(layer);
            if (layer.kind().parameters(1) > 0 && !layer.normalized() && random.nextInt(3) == 0) {
                LayerKind again = layer.kind();
                if (again.output().equals(before)) { // the same weights once more, and a residual
                    String name = String.valueOf(layers.size());
                    layers.add(new Layer(again, Activation.TANH).sharing(name).plus(name));
                }
            }
        }
        layers.add(new Layer(2 + random.nextInt(3), Activation.IDENTITY));
        return new Architecture(
                in.size(), layers, random.nextBoolean() ? Loss.SOFTMAX_CROSS_ENTROPY : Loss.HALF_MEAN_SQUARED_ERROR);
    }

    private static LayerKind kind(Random random, Shape in) {
        Size window =
                new Size(1 + random.nextInt(Math.min(3, in.height())), 1 + random.nextInt(Math.min(3, in.width())));
        Size stride = new Size(1 + random.nextInt(2), 1 + random.nextInt(2));
        switch (random.nextInt(in.width() == 1 && !in.isFlat() ? 10 : 6)) {
            case 6, 7, 8, 9:
                return recurrent(random, in);
            case 0, 1:
                return new Pooling(in, window, stride, random.nextBoolean());
            case 2:
                if (in.channels() > 1) {
                    return new LayerNorm(random.nextBoolean() ? in : Shape.flat(in.size()), 0.1); // delta as above
                }
            default:
                Padding padding = Padding.values()[random.nextInt(in.width() == 1 ? 3 : 2)];
                int filters = random.nextBoolean() ? in.channels() : 1 + random.nextInt(18);
                int dilation = in.width() == 1 && padding != Padding.VALID ? 1 + random.nextInt(2) : 1;
                return new Convolution(
                        in, filters, window, random.nextBoolean() ? Size.ONE : stride, padding, dilation);
        }
    }

    private static Recurrent recurrent(Random random, Shape in) {
        Cell cell = CELLS[random.nextInt(CELLS.length)];
        int size = random.nextInt(3) == 0 ? in.channels() : 1 + random.nextInt(18);
        return new Recurrent(in, cell, size, in.height(), States.values()[random.nextInt(2)]);
    }

    private static int fanIn(int inputs, List<Layer> layers, Layer layer) {
        return layer.wiring().inputs().stream()
                .mapToInt(name -> name.equals("input")
                        ? inputs
                        : layers.get(Integer.parseInt(name) - 1).units())
                .sum();
    }

    private static String name(int layer) {
        return layer == 0 ? Wiring.INPUT : String.valueOf(layer);
    }
}
