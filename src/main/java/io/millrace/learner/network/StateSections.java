package io.millrace.learner.network;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Validation;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * The optional sections that a saved state contains. The first text of the state names them: it is the fingerprint of the specification,
 * followed by a word for each optional section.
 *
 * @param shape fingerprint of the learner's specification
 * @param heldOut whether it has {@code HoldoutEvaluation}
 * @param best whether it has {@code EarlyStopping} and the best {@code Weights}
 * @param good whether it has the last good {@code Weights} of {@code Guard}
 * @param curvature whether it has {@code CurvatureReports}
 * @param bestPosition whether it has the position of the best weights
 * @param doubts whether it has the event times that {@code StreamTime} has not confirmed
 * @param details whether it has {@code TrueAndPredicted} and {@code FieldSummary}
 * @param steps whether it has what is known of the steps of a sequence, some of which rows may not have
 */
record StateSections(
        String shape,
        boolean heldOut,
        boolean best,
        boolean good,
        boolean curvature,
        boolean bestPosition,
        boolean doubts,
        boolean details,
        boolean steps) {
    private static final String HELD_OUT = " +held-out";
    private static final String BEST = " +best";
    private static final String GOOD = " +good";
    private static final String CURVATURE = " +curvature";
    private static final String BEST_POSITION = " +best-position";
    private static final String DOUBTS = " +doubts";
    private static final String DETAILS = " +details";
    private static final String STEPS = " +steps";

    static StateSections of(LearnerSpec spec) {
        Validation validation = spec.validation();
        return new StateSections(
                spec.fingerprint(),
                validation.holdsOut(),
                validation.stopsEarly(),
                spec.guard().maxConsecutive() > 0,
                validation.curvatureEvery() > 0,
                validation.stopsEarly(),
                spec.batchMaxAdvance() > 0,
                true,
                spec.sequence() != null);
    }

    void save(StateWriter out) {
        String parts = (heldOut ? HELD_OUT : "")
                + (best ? BEST : "")
                + (good ? GOOD : "")
                + (curvature ? CURVATURE : "")
                + (bestPosition ? BEST_POSITION : "")
                + (doubts ? DOUBTS : "")
                + (details ? DETAILS : "")
                + (steps ? STEPS : "");
        out.putText(shape + parts);
    }

    static StateSections restore(StateReader in) {
        String shape = in.getText();
        boolean steps = shape.endsWith(STEPS);
        shape = steps ? shape.substring(0, shape.length() - STEPS.length()) : shape;
        boolean details = shape.endsWith(DETAILS);
        shape = details ? shape.substring(0, shape.length() - DETAILS.length()) : shape;
        boolean doubts = shape.endsWith(DOUBTS);
        shape = doubts ? shape.substring(0, shape.length() - DOUBTS.length()) : shape;
        boolean bestPosition = shape.endsWith(BEST_POSITION);
        shape = bestPosition ? shape.substring(0, shape.length() - BEST_POSITION.length()) : shape;
        boolean curvature = shape.endsWith(CURVATURE);
        shape = curvature ? shape.substring(0, shape.length() - CURVATURE.length()) : shape;
        boolean good = shape.endsWith(GOOD);
        shape = good ? shape.substring(0, shape.length() - GOOD.length()) : shape;
        boolean best = shape.endsWith(BEST);
        shape = best ? shape.substring(0, shape.length() - BEST.length()) : shape;
        boolean heldOut = shape.endsWith(HELD_OUT);
        shape = heldOut ? shape.substring(0, shape.length() - HELD_OUT.length()) : shape;
        return new StateSections(shape, heldOut, best, good, curvature, bestPosition, doubts, details, steps);
    }
}
