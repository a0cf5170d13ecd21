package io.millrace.topology;

import io.millrace.learner.Model;
import io.millrace.nn.Layer;
import io.millrace.nn.Network;
import io.millrace.nn.kernels.KernelsProvider;
import java.util.Optional;

/** Where two models differ first, bit by bit. */
final class Difference {
    private Difference() {}

    /**
     * @param snapshot what was published
     * @param replay what was learned again
     * @return the place and both values; empty when every bit of parameters and preprocessing is the same
     */
    static Optional<String> first(Model snapshot, Model replay) {
        if (!snapshot.architecture().equals(replay.architecture())) {
            return Optional.of("has another architecture than its configuration gives");
        }
        if (!snapshot.classes().equals(replay.classes()) || snapshot.task() != replay.task()) {
            return Optional.of("has another task or other classes than its configuration gives");
        }
        if (snapshot.version() != replay.version()) {
            return Optional.of(
                    "claims " + snapshot.version() + " examples learned, the replay has learned " + replay.version());
        }
        return floats(snapshot.parameters(), replay.parameters(), snapshot)
                .or(() -> floats("running average", snapshot.state(), replay.state()))
                .or(() -> doubles("feature mean", snapshot.featureMeans(), replay.featureMeans()))
                .or(() -> doubles("feature variance", snapshot.featureVariances(), replay.featureVariances()))
                .or(() -> doubles("target mean", snapshot.targetMeans(), replay.targetMeans()))
                .or(() -> doubles("target variance", snapshot.targetVariances(), replay.targetVariances()));
    }

    private static Optional<String> floats(float[] snapshot, float[] replay, Model model) {
        int at = firstOf(snapshot, replay);
        return at < 0
                ? Optional.empty()
                : Optional.of(
                        at >= Math.min(snapshot.length, replay.length)
                                ? lengths("parameters", snapshot.length, replay.length)
                                : told(place(model, at) + " (parameter " + at + ")", snapshot[at], replay[at]));
    }

    private static Optional<String> floats(String what, float[] snapshot, float[] replay) {
        int at = firstOf(snapshot, replay);
        return at < 0
                ? Optional.empty()
                : Optional.of(
                        at >= Math.min(snapshot.length, replay.length)
                                ? lengths(what + "s", snapshot.length, replay.length)
                                : told(what + " " + at, snapshot[at], replay[at]));
    }

    private static int firstOf(float[] one, float[] other) {
        int common = Math.min(one.length, other.length);
        for (int i = 0; i < common; i++) {
            if (Float.floatToRawIntBits(one[i]) != Float.floatToRawIntBits(other[i])) {
                return i;
            }
        }
        return one.length == other.length ? -1 : common;
    }

    private static Optional<String> doubles(String what, double[] snapshot, double[] replay) {
        int common = Math.min(snapshot.length, replay.length);
        for (int i = 0; i < common; i++) {
            long ours = Double.doubleToRawLongBits(snapshot[i]);
            long theirs = Double.doubleToRawLongBits(replay[i]);
            if (ours != theirs) {
                return Optional.of(String.format(
                        "differs first in %s %d: snapshot %s (0x%016x), replay %s (0x%016x)",
                        what, i, snapshot[i], ours, replay[i], theirs));
            }
        }
        return snapshot.length == replay.length
                ? Optional.empty()
                : Optional.of(lengths(what + "s", snapshot.length, replay.length));
    }

    private static String told(String place, float snapshot, float replay) {
        return String.format(
                "differs first in %s: snapshot %s (0x%08x), replay %s (0x%08x)",
                place, snapshot, Float.floatToRawIntBits(snapshot), replay, Float.floatToRawIntBits(replay));
    }

    private static String lengths(String what, int snapshot, int replay) {
        return "has " + snapshot + " " + what + ", the replay " + replay;
    }

    /** Name of a canonical parameter; layers count from 1, as they do in settings. */
    private static String place(Model model, int parameter) {
        Network network = new Network(model.architecture(), KernelsProvider.kernels());
        int left = parameter;
        for (int l = 0; l < network.layout().layers(); l++) {
            if (!network.layout().owns(l)) {
                continue;
            }
            Layer layer = model.architecture().layers().get(l);
            int units = layer.units();
            int inputs = model.architecture().inputsOf(l);
            int owned = (inputs + (layer.normalized() ? 2 : 1)) * units;
            if (left < owned) {
                int row = left / units;
                String name = row < inputs
                        ? "weight [" + row + "]"
                        : !layer.normalized() ? "bias " : row == inputs ? "gamma " : "beta ";
                return "layer " + (l + 1) + ", " + name + "[" + left % units + "]";
            }
            left -= owned;
        }
        return "no layer";
    }
}
