package io.millrace.topology.model;

import static io.millrace.topology.model.BitDifference.doubles;
import static io.millrace.topology.model.BitDifference.floats;
import static io.millrace.topology.model.BitDifference.setting;

import io.millrace.learner.network.NetworkModel;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Layer;
import io.millrace.nn.network.Network;
import java.util.Optional;

/** Where two versions of a network differ first, bit by bit. */
final class NetworkDiff {
    private NetworkDiff() {}

    static Optional<String> first(NetworkModel snapshot, NetworkModel replay) {
        return architecture(snapshot.architecture(), replay.architecture()).or(() -> numbers(snapshot, replay));
    }

    private static Optional<String> architecture(Architecture snapshot, Architecture replay) {
        Optional<String> difference = setting(
                        "the loss", snapshot.loss().name(), replay.loss().name())
                .or(() -> setting("as number of inputs", snapshot.inputs(), replay.inputs()))
                .or(() -> setting(
                        "as number of layers",
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

    /** Name of a canonical parameter; layers count from 1, as they do in settings. */
    private static String place(NetworkModel model, int parameter) {
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
                return "layer " + (l + 1) + ", " + name + "[" + left % units + "] (parameter " + parameter + ")";
            }
            left -= owned;
        }
        return "no layer (parameter " + parameter + ")";
    }
}
