package io.millrace.learner.evaluation;

import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.network.Curvature;
import io.millrace.nn.network.Trainer;

/** Which reports carry the curvature: every n-th, counted from the first. What is saved is the count, so that a restart changes no report. */
public final class CurvatureReports {
    private final int every;
    private int without; // reports since the last one with the curvature
    private Curvature measured; // for the report of the running step

    /** @param every {@code >= 1} */
    public CurvatureReports(int every) {
        this.every = every;
    }

    /**
     * Measures the curvature on the mini-batch of a step that is about to bring a report, if that is to carry it. Training goes on as if
     * nothing had been measured.
     *
     * @param losses overwritten
     * @param scores overwritten
     */
    public void measure(Trainer trainer, MiniBatch batch, float[] losses, float[] scores) {
        measured = null; // that of a step which was refused, if any
        if (without + 1 >= every) { // more where every was larger once
            measured = trainer.curvature(batch.inputs, batch.targets, batch.weights, batch.rows(), losses, scores);
        }
    }

    /** What the report carries; null if it is none of those that do. */
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
        without = in.getInt();
        if (without < 0) {
            throw new IllegalStateException(
                    "the saved state holds " + without + " reports without curvature, which no learner has written");
        }
    }
}
