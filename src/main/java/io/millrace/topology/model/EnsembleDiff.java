package io.millrace.topology.model;

import static io.millrace.topology.model.BitDifference.doubles;
import static io.millrace.topology.model.BitDifference.floats;
import static io.millrace.topology.model.BitDifference.setting;
import static io.millrace.topology.model.Numbers.boxed;

import io.millrace.learner.ensemble.EnsembleModel;
import java.util.List;
import java.util.Optional;

/** Finds the first place where two versions of an ensemble differ, bit by bit. */
final class EnsembleDiff {
    private EnsembleDiff() {}

    static Optional<String> first(EnsembleModel snapshot, EnsembleModel replay) {
        return setting("the number of inputs", snapshot.inputs(), replay.inputs())
                .or(() -> setting("the number of outputs", snapshot.outputs(), replay.outputs()))
                .or(() -> floats("parameter", replay::parameterName, snapshot.parameters(), replay.parameters()))
                .or(() -> weights("mixture", replay.experts(), snapshot.weights(), replay.weights()))
                .or(() -> weights(
                        "mixture without labels", replay.experts(), snapshot.laggingWeights(), replay.laggingWeights()))
                .or(() -> weights(
                        "mixture of slow views", replay.experts(), snapshot.slowWeights(), replay.slowWeights()))
                .or(() -> doubles("value of the memory of labels", snapshot.labels(), replay.labels()))
                .or(() -> statistics(snapshot, replay));
    }

    private static Optional<String> weights(String mixture, List<String> experts, double[] snapshot, double[] replay) {
        return doubles("weight", at -> "the weight of " + experts.get(at) + " in the " + mixture, snapshot, replay);
    }

    private static Optional<String> statistics(EnsembleModel snapshot, EnsembleModel replay) {
        return doubles("slow mean", snapshot.slowMeans(), replay.slowMeans())
                .or(() -> doubles("slow variance", snapshot.slowVariances(), replay.slowVariances()))
                .or(() -> doubles("fast mean", snapshot.fastMeans(), replay.fastMeans()))
                .or(() -> doubles("fast variance", snapshot.fastVariances(), replay.fastVariances()))
                .or(() -> setting(
                        "the number of rows in its statistics", boxed(snapshot.counts()), boxed(replay.counts())))
                .or(() -> snapshot.newestTime() < 0 // an older Millrace wrote it
                        ? Optional.empty()
                        : setting("the time of the newest example", snapshot.newestTime(), replay.newestTime()))
                .or(() -> doubles("target mean", snapshot.targetMeans(), replay.targetMeans()))
                .or(() -> doubles("target variance", snapshot.targetVariances(), replay.targetVariances()));
    }
}
