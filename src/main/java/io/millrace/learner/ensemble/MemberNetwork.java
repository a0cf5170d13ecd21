package io.millrace.learner.ensemble;

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
import io.millrace.nn.network.Trainer;
import io.millrace.nn.network.Workspace;
import io.millrace.nn.optimizer.RmsProp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The network of a member, its trainer, and the memory of its passes. */
final class MemberNetwork {
    private static final RmsProp OPTIMIZER = new RmsProp(0.99, 1e-8, false);

    final MemberSpec spec;
    final Network network;
    final Trainer trainer;
    final float[] losses; // [maxRows]
    final float[] scores; // [maxRows x outputs]
    private final Workspace workspace;
    private final float[] state = {};
    private final int outputs;

    /** @param maxRows the largest batch of a step */
    MemberNetwork(MemberSpec spec, int features, int outputs, Loss loss, int maxRows, long seed) {
        this.spec = spec;
        this.outputs = outputs;
        network = new Network(architecture(spec, features, outputs, loss), KernelsProvider.kernels());
        trainer = new Trainer(network, OPTIMIZER, maxRows);
        workspace = network.workspace(1);
        losses = new float[maxRows];
        scores = new float[maxRows * outputs];
        initialize(seed);
    }

    static Architecture architecture(MemberSpec spec, int features, int outputs, Loss loss) {
        List<Layer> layers = new ArrayList<>();
        for (int units : spec.hidden()) {
            layers.add(new Layer(kind(spec, features, layers.isEmpty(), units), Activation.RELU));
        }
        layers.add(new Layer(kind(spec, features, layers.isEmpty(), outputs), Activation.IDENTITY));
        return new Architecture(spec.dense(features), layers, loss);
    }

    private static LayerKind kind(MemberSpec spec, int features, boolean first, int units) {
        return first && spec.bins() ? new SparseDense(units, spec.sparse(features)) : new Dense(units);
    }

    /** The output layer starts at zero. */
    private void initialize(long seed) {
        float[] parameters = trainer.parameters();
        network.initialize(parameters, new HeNormal(), seed);
        Block last = network.layout().block(spec.hidden().size(), "weight");
        Arrays.fill(parameters, last.offset(), last.end(), 0f);
    }

    /** Logits of one row with these parameters. */
    void predict(float[] parameters, MemberInputs row, float[] logits, int from) {
        workspace.tokens(row.tokens);
        network.forward(parameters, state, row.numbers, 1, workspace);
        System.arraycopy(workspace.logits(), 0, logits, from, outputs);
    }

    /** One step on a batch. */
    void step(MemberInputs batch, float[] targets, float[] weights) {
        trainer.tokens(batch.tokens);
        trainer.step(batch.numbers, targets, weights, batch.rows(), (float) spec.rate(), losses, scores, false);
    }
}
