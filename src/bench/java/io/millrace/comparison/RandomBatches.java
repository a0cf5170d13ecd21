package io.millrace.comparison;

import java.util.Random;

/** The same few mini-batches for every library: inputs uniform in -1..1, classes at random. */
final class RandomBatches {
    final float[][] inputs; // [batches][rows x inputs]
    final int[][] classes; // [batches][rows]
    private int next;

    RandomBatches(NetworkShape net, int rows) {
        int batches = rows == 1 ? 64 : 4; // few, so that drawing them costs no second and all remain in the cache
        Random random = new Random(7);
        inputs = new float[batches][rows * net.inputs()];
        classes = new int[batches][rows];
        for (int b = 0; b < batches; b++) {
            for (int i = 0; i < inputs[b].length; i++) {
                inputs[b][i] = (float) random.nextDouble() * 2 - 1;
            }
            for (int i = 0; i < rows; i++) {
                classes[b][i] = random.nextInt(net.outputs());
            }
        }
    }

    /** The index of the mini-batch that follows. */
    int next() {
        next = (next + 1) % inputs.length;
        return next;
    }
}
