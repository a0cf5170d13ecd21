package io.millrace.learner;

/**
 * Which of the parts that come and go with options a saved state has. The state's first text tells: the fingerprint of the
 * specification, and a word for each such part.
 *
 * @param heldOut whether it has {@link HeldOut}
 * @param best whether it has {@link EarlyStopping} and the best {@link Weights}
 */
record SavedParts(boolean heldOut, boolean best) {
    private static final String HELD_OUT = " +held-out";
    private static final String BEST = " +best";

    static SavedParts of(LearnerSpec spec) {
        return new SavedParts(spec.validation().holdsOut(), spec.validation().stopsEarly());
    }

    void save(LearnerSpec spec, StateWriter out) {
        out.putText(spec.fingerprint() + (heldOut ? HELD_OUT : "") + (best ? BEST : ""));
    }

    /**
     * @throws IllegalStateException when the state belongs to a learner of another shape
     */
    static SavedParts restore(LearnerSpec spec, StateReader in) {
        String shape = in.getText();
        boolean best = shape.endsWith(BEST);
        shape = best ? shape.substring(0, shape.length() - BEST.length()) : shape;
        boolean heldOut = shape.endsWith(HELD_OUT);
        shape = heldOut ? shape.substring(0, shape.length() - HELD_OUT.length()) : shape;
        if (!shape.equals(spec.fingerprint())) {
            throw new IllegalStateException(
                    "the saved learner is [" + shape + "], the configured one is [" + spec.fingerprint()
                            + "]: restore the former configuration, or give the new model a model.name and an application.id of its own");
        }
        return new SavedParts(heldOut, best);
    }
}
