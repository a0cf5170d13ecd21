package io.millrace.learner.evaluation;

import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Curvature;
import io.millrace.nn.network.Trainer;

/** Adds the curvature to every n-th report, counted from the first. Saves the count, so that a restart changes no report. */
public final class CurvatureReports {
    private final int every;
    private int without; // reports since the last one with the curvature
    private Curvature measured; // for the report of the running step

    /** @param every {@code >= 1} */
    public CurvatureReports(int every) {
        this.every = every;
    }

    /**
     * Called before a step that causes a report. Measures the curvature on the step's mini-batch if the report is to carry it. Training is
     * not affected.
     *
     * @param losses overwritten
     * @param scores overwritten
     */
    public void measure(Trainer trainer, MiniBatch batch, float[] losses, float[] scores) {
        measured = null; // discards the measurement of a refused step, if any
        if (without + 1 >= every) { // can be above, if the setting was larger before
            measured = trainer.curvature(batch.inputs, batch.targets, batch.weights, batch.rows(), losses, scores);
        }
    }

    /** The curvature for the report; null if the report does not carry it. */
    public Curvature report() {
        Curvature now = measured;
        without = now == null ? without + 1 : 0;
        measured = null;
        return now;
    }

    public void save(StateWriter out) {
        out.putInt(without);
    }

    public void restore(StateReader in) {
        without = in.getSmallCount();
    }
}
