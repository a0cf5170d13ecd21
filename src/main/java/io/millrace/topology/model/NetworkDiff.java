package io.millrace.topology.model;

import static io.millrace.topology.model.BitDifference.doubles;
import static io.millrace.topology.model.BitDifference.floats;
import static io.millrace.topology.model.BitDifference.setting;

import io.millrace.learner.network.NetworkModel;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import java.util.Optional;

/** Finds the first place where two versions of a network differ, bit by bit. */
final class NetworkDiff {
    private NetworkDiff() {}

    static Optional<String> first(NetworkModel snapshot, NetworkModel replay) {
        return architecture(snapshot.architecture(), replay.architecture()).or(() -> numbers(snapshot, replay));
    }

    private static Optional<String> architecture(Architecture snapshot, Architecture replay) {
        Optional<String> difference = setting(
                        "the loss", snapshot.loss().name(), replay.loss().name())
                .or(() -> setting("the number of inputs", snapshot.inputs(), replay.inputs()))
                .or(() -> setting("the tables", snapshot.tables(), replay.tables()))
                .or(() -> setting(
                        "the number of layers",
                        snapshot.layers().size(),
                        replay.layers().size()));
        for (int l = 0; l < replay.layers().size() && difference.isEmpty(); l++) {
            difference = setting(
                    "as layer " + (l + 1),
                    NetworkKind.layer(snapshot.layers().get(l)),
                    NetworkKind.layer(replay.layers().get(l)));
        }
        return difference;
    }

    private static Optional<String> numbers(NetworkModel snapshot, NetworkModel replay) {
        return floats("parameter", at -> place(snapshot, at), snapshot.parameters(), replay.parameters())
                .or(() -> floats("running average", snapshot.state(), replay.state()))
                .or(() -> doubles("feature mean", snapshot.featureMeans(), replay.featureMeans()))
                .or(() -> doubles("feature variance", snapshot.featureVariances(), replay.featureVariances()))
                .or(() -> doubles("target mean", snapshot.targetMeans(), replay.targetMeans()))
                .or(() -> doubles("target variance", snapshot.targetVariances(), replay.targetVariances()));
    }

    private static String place(NetworkModel model, int parameter) {
        Network network = new Network(model.architecture(), KernelsProvider.kernels());
        return network.layout().nameOf(parameter) + " (parameter " + parameter + ")";
    }
}
