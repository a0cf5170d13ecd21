package io.millrace.topology.audit;

import io.millrace.avro.Evaluation;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Score;
import io.millrace.topology.model.BitDifference;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the first place where a version and its replay differ, bit by bit. */
final class ModelDiff {
    private ModelDiff() {}

    /**
     * @param snapshot what was published
     * @param replay what was learned again
     * @param score score of the replay
     * @return the place and both values; empty when all bits of parameters, preprocessing and evaluation are equal
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
     * @return the place and both values; empty when all bits of parameters and preprocessing are equal
     */
    static Optional<String> first(Model snapshot, Model replay) {
        if (snapshot.version() != replay.version()) {
            return Optional.of(
                    "claims " + snapshot.version() + " examples learned, the replay has learned " + replay.version());
        }
        ModelKind kind = ModelKind.of(replay);
        if (!kind.describes(snapshot)) {
            return Optional.of("is a model of another kind than its configuration gives");
        }
        return BitDifference.setting(
                        "the task", snapshot.task().id(), replay.task().id())
                .or(() -> BitDifference.setting("the classes", snapshot.classes(), replay.classes()))
                .or(() -> kind.difference(snapshot, replay));
    }

    private static Optional<String> evaluation(Evaluation snapshot, Score replay) {
        if (snapshot == null) {
            return Optional.of("carries no evaluation");
        }
        if (snapshot.getExamples() != replay.examples()) {
            return Optional.of("claims an evaluation of " + snapshot.getExamples()
                    + " examples, the replay has evaluated " + replay.examples());
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
        return BitDifference.number("its evaluation, " + what, snapshot, replay);
    }
}
