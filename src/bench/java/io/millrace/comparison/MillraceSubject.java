package io.millrace.comparison;

import io.millrace.nn.initializer.HeUniform;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;
import io.millrace.nn.network.Workspace;
import io.millrace.nn.optimizer.Adam;
import io.millrace.nn.optimizer.Optimizer;
import java.util.Arrays;

/** Millrace, with the kernels that {@code -Dmillrace.kernels} asks for. */
final class MillraceSubject implements Subject {
    public static void main(String[] args) {
        System.err.println(KernelsProvider.description());
        KernelsProvider.share(CellTimer.threads());
        CellTimer.run(new MillraceSubject(), args);
    }

    @Override
    public Runnable training(NetworkShape net, int rows) {
        RandomBatches data = new RandomBatches(net, rows);
        float[][] targets = new float[data.classes.length][rows];
        for (int b = 0; b < targets.length; b++) {
            for (int i = 0; i < rows; i++) {
                targets[b][i] = data.classes[b][i];
            }
        }
        Trainer trainer = trainer(net, rows);
        float[] weights = new float[rows];
        Arrays.fill(weights, 1f);
        float[] losses = new float[rows];
        float[] scores = new float[rows * net.outputs()];
        return () -> {
            int b = data.next();
            trainer.step(data.inputs[b], targets[b], weights, rows, LEARNING_RATE, losses, scores, false);
        };
    }

    @Override
    public Runnable prediction(NetworkShape net) {
        RandomBatches data = new RandomBatches(net, 1);
        Trainer trainer = trainer(net, 1);
        Network network = trainer.network();
        Loss loss = network.architecture().loss();
        float[] parameters = trainer.parameters();
        Workspace workspace = network.workspace(1);
        float[] scores = new float[net.outputs()];
        return () -> {
            network.forward(parameters, data.inputs[data.next()], 1, workspace);
            loss.scores(workspace.logits(), 0, scores.length, scores, 0);
        };
    }

    private static Trainer trainer(NetworkShape net, int rows) {
        Network network = new Network(net.architecture(), KernelsProvider.kernels());
        Trainer trainer = new Trainer(network, Optimizer.of(Adam.NAME), rows);
        network.initialize(trainer.parameters(), new HeUniform(), 1);
        return trainer;
    }
}
