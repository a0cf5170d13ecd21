package io.millrace.learner.network;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;

/**
 * Saves and restores the arrays of a trainer, unpadded: the parameters, each of the optimizer's moments, and the network's state if it has
 * one. The number of steps is saved elsewhere.
 */
record TrainerState(Network network, Trainer trainer) {
    void save(StateWriter out) {
        float[] canonical = new float[network.parameterCount()];
        save(trainer.parameters(), canonical, out);
        for (float[] moment : trainer.moments()) {
            save(moment, canonical, out);
        }
        if (network.stateCount() > 0) {
            float[] state = new float[network.stateCount()];
            network.stateToCanonical(trainer.state(), state);
            out.putFloats(state, state.length);
        }
    }

    private void save(float[] padded, float[] canonical, StateWriter out) {
        network.toCanonical(padded, canonical);
        out.putFloats(canonical, canonical.length);
    }

    /** Restores a new trainer, whose parameters have their first values. */
    void restore(StateReader in, SavedShape shape) {
        float[] canonical = new float[network.parameterCount()];
        restore(trainer.parameters(), canonical, in, shape);
        trainer.parametersReplaced();
        for (float[] moment : trainer.moments()) {
            restore(moment, canonical, in, shape);
        }
        if (network.stateCount() > 0) {
            float[] state = new float[network.stateCount()];
            in.getFloats(state, state.length);
            network.stateFromCanonical(state, trainer.state());
        }
    }

    private void restore(float[] padded, float[] canonical, StateReader in, SavedShape shape) {
        if (shape.grows()) {
            network.toCanonical(padded, canonical); // the first values of new tables
        }
        shape.read(in, canonical);
        network.fromCanonical(canonical, padded);
    }
}
