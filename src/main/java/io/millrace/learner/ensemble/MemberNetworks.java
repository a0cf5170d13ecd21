package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.HeNormal;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes, starts and saves the networks of members. */
final class MemberNetworks {
    private MemberNetworks() {}

    static Network of(MemberSpec spec, EnsembleInputs inputs, int outputs, Loss loss) {
        return new Network(architecture(spec, inputs, outputs, loss), KernelsProvider.kernels());
    }

    static Architecture architecture(MemberSpec spec, EnsembleInputs inputs, int outputs, Loss loss) {
        List<Layer> layers = new ArrayList<>();
        for (int units : spec.hidden()) {
            layers.add(new Layer(kind(spec, inputs, layers.isEmpty(), units), Activation.RELU));
        }
        layers.add(new Layer(kind(spec, inputs, layers.isEmpty(), outputs), Activation.IDENTITY));
        return new Architecture(spec.dense(inputs), spec.tables(inputs), layers, loss);
    }

    private static LayerKind kind(MemberSpec spec, EnsembleInputs inputs, boolean first, int units) {
        return first && spec.bins() ? new SparseDense(units, spec.sparse(inputs)) : new Dense(units);
    }

    /** First weights; those of the output layer are zero, so that no expert has an opinion before it has learned. */
    static void initialize(Network network, float[] parameters, long seed) {
        network.initialize(parameters, new HeNormal(), seed);
        int last = network.architecture().layers().size() - 1;
        Block output = network.layout().block(last, "weight");
        Arrays.fill(parameters, output.offset(), output.end(), 0f);
    }

    /** Writes padded parameters, or moments, without padding. */
    static void save(Network network, float[] padded, StateWriter out) {
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(padded, canonical);
        out.putFloats(canonical, canonical.length);
    }

    /** Restores parameters, or moments, of a new network. */
    static void restore(Network network, float[] padded, StateReader in, SavedMember saved) {
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(padded, canonical); // the first values of new tables
        saved.read(in, canonical);
        network.fromCanonical(canonical, padded);
    }

    /** Copies padded parameters without padding, from {@code to}. */
    static void copy(Network network, float[] padded, float[] canonical, int to) {
        network.layout().toCanonical(padded, 0, network.parameterCount(), canonical, to);
    }
}
