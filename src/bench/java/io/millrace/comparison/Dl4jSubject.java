package io.millrace.comparison;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Deeplearning4j's {@link MultiLayerNetwork} on the native CPU backend, with workspaces and without its periodic collections. */
final class Dl4jSubject implements Subject {
    public static void main(String[] args) {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        Nd4j.getMemoryManager().togglePeriodicGc(false);
        Nd4j.getEnvironment().setMaxThreads(CellTimer.threads());
        CellTimer.run(new Dl4jSubject(), args);
    }

    @Override
    public Runnable training(NetworkShape net, int rows) {
        RandomBatches data = new RandomBatches(net, rows);
        int batches = data.inputs.length;
        INDArray[] inputs = new INDArray[batches];
        INDArray[] targets = new INDArray[batches];
        for (int b = 0; b < batches; b++) {
            float[] oneHot = new float[rows * net.outputs()];
            for (int i = 0; i < rows; i++) {
                oneHot[i * net.outputs() + data.classes[b][i]] = 1;
            }
            inputs[b] = matrix(data.inputs[b], rows, net.inputs());
            targets[b] = matrix(oneHot, rows, net.outputs());
        }
        MultiLayerNetwork model = model(net);
        return () -> {
            int b = data.next();
            model.fit(inputs[b], targets[b]);
        };
    }

    @Override
    public Runnable prediction(NetworkShape net) {
        RandomBatches data = new RandomBatches(net, 1);
        MultiLayerNetwork model = model(net);
        return () -> model.output(matrix(data.inputs[data.next()], 1, net.inputs()), false);
    }

    private static INDArray matrix(float[] values, int rows, int columns) {
        return Nd4j.create(values, new int[] {rows, columns}, 'c');
    }

    private static MultiLayerNetwork model(NetworkShape net) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.RELU_UNIFORM)
                .updater(new Adam(LEARNING_RATE))
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .list();
        int last = net.widths().size() - 1;
        for (int l = 1; l < last; l++) {
            layers.layer(new DenseLayer.Builder()
                    .nIn(net.widths().get(l - 1))
                    .nOut(net.widths().get(l))
                    .activation(Activation.RELU)
                    .build());
        }
        MultiLayerConfiguration configuration = layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(net.widths().get(last - 1))
                        .nOut(net.outputs())
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        MultiLayerNetwork model = new MultiLayerNetwork(configuration);
        model.init();
        return model;
    }
}
