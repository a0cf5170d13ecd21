package io.millrace.topology.audit;

import io.millrace.avro.Evaluation;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.weights.Model;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Block;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Where a version and what was learned again differ first, bit by bit. */
final class ModelDiff {
    private ModelDiff() {}

    /**
     * @param snapshot what was published
     * @param replay what was learned again
     * @param score how well the replay did
     * @return the place and both values; empty when every bit of parameters, preprocessing and evaluation is the same
     */
    static Optional<String> first(StoredSnapshot snapshot, Model replay, Score score) {
        Model published;
        try {
            published = Snapshots.unchecked(snapshot.chunks());
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.of("cannot be put together: " + e.getMessage());
        }
        return first(published, replay).or(() -> evaluation(snapshot.head().getEvaluation(), score));
    }

    /**
     * @param snapshot what was published
     * @param replay what was learned again
     * @return the place and both values; empty when every bit of parameters and preprocessing is the same
     */
    static Optional<String> first(Model snapshot, Model replay) {
        if (snapshot.version() != replay.version()) {
            return Optional.of(
                    "claims " + snapshot.version() + " examples learned, the replay has learned " + replay.version());
        }
        return given("the task", snapshot.task().id(), replay.task().id())
                .or(() -> given("the classes", snapshot.classes(), replay.classes()))
                .or(() -> architecture(snapshot.architecture(), replay.architecture()))
                .or(() -> numbers(snapshot, replay));
    }

    private static Optional<String> architecture(Architecture snapshot, Architecture replay) {
        Optional<String> difference = given(
                        "the loss", snapshot.loss().name(), replay.loss().name())
                .or(() -> given("as number of inputs", snapshot.inputs(), replay.inputs()))
                .or(() -> given(
                        "as number of layers",
                        snapshot.layers().size(),
                        replay.layers().size()));
        for (int l = 0; l < replay.layers().size() && difference.isEmpty(); l++) {
            difference = given(
                    "as layer " + (l + 1),
                    Snapshots.layer(snapshot.layers().get(l)),
                    Snapshots.layer(replay.layers().get(l)));
        }
        return difference;
    }

    private static Optional<String> given(String what, Object snapshot, Object configured) {
        return snapshot.equals(configured)
                ? Optional.empty()
                : Optional.of("has " + what + " " + snapshot + ", its configuration gives " + configured);
    }

    private static Optional<String> numbers(Model snapshot, Model replay) {
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
            Optional<String> difference = number(what + " " + i, snapshot[i], replay[i]);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return snapshot.length == replay.length
                ? Optional.empty()
                : Optional.of(lengths(what + "s", snapshot.length, replay.length));
    }

    private static Optional<String> evaluation(Evaluation snapshot, Score replay) {
        if (snapshot == null) {
            return Optional.of("carries no evaluation");
        }
        if (snapshot.getExamples() != replay.examples()) {
            return Optional.of("claims an evaluation of " + snapshot.getExamples() + " examples, the replay has judged "
                    + replay.examples());
        }
        Optional<String> difference = measured("loss", snapshot.getLoss(), replay.loss());
        TreeSet<String> metrics = new TreeSet<>(snapshot.getMetrics().keySet());
        metrics.addAll(replay.metrics().keySet());
        for (String metric : metrics) {
            difference = difference.or(() -> measured(
                    metric, snapshot.getMetrics().get(metric), replay.metrics().get(metric)));
        }
        return difference;
    }

    private static Optional<String> measured(String what, Double snapshot, Double replay) {
        if (snapshot == null || replay == null) {
            return Optional.of("has " + (snapshot == null ? "no " : "a ") + what + " in its evaluation, the replay has "
                    + (replay == null ? "none" : "one"));
        }
        return number("its evaluation, " + what, snapshot, replay);
    }

    private static Optional<String> number(String place, double snapshot, double replay) {
        long ours = Double.doubleToRawLongBits(snapshot);
        long theirs = Double.doubleToRawLongBits(replay);
        return ours == theirs
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "differs first in %s: snapshot %s (0x%016x), replay %s (0x%016x)",
                        place,
                        snapshot,
                        ours,
                        replay,
                        theirs));
    }

    private static String told(String place, float snapshot, float replay) {
        return String.format(
                Locale.ROOT,
                "differs first in %s: snapshot %s (0x%08x), replay %s (0x%08x)",
                place,
                snapshot,
                Float.floatToRawIntBits(snapshot),
                replay,
                Float.floatToRawIntBits(replay));
    }

    private static String lengths(String what, int snapshot, int replay) {
        return "has " + snapshot + " " + what + ", the replay " + replay;
    }

    /** Name of a canonical parameter; layers count from 1, as they do in settings. */
    private static String place(Model model, int parameter) {
        Network network = new Network(model.architecture(), KernelsProvider.kernels());
        for (Block block : network.layout().blocks()) {
            int at = parameter - block.canonicalOffset();
            if (at >= 0 && parameter < block.canonicalEnd()) {
                String row = block.matrix() ? "[" + at / block.width() + "]" : "";
                return "layer " + (block.layer() + 1) + ", " + block.name() + " " + row + "[" + at % block.width()
                        + "]";
            }
        }
        return "no layer";
    }
}
