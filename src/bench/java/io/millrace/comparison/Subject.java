package io.millrace.comparison;

/**
 * A library under measurement, with float32, one thread, Adam of rate {@link #LEARNING_RATE} with its customary other settings, and
 * the mean softmax cross-entropy.
 */
interface Subject {
    float LEARNING_RATE = 1e-3f;

    /** One run is one step (forward, backward, Adam) on a mini-batch; successive runs take successive mini-batches. */
    Runnable training(NetworkShape net, int rows);

    /** One run is the forward pass, with softmax, of a single row that is an array of the Java heap. */
    Runnable prediction(NetworkShape net);
}
