package io.millrace.learner.spec;

/**
 * The size of an ensemble, computed without building it.
 *
 * @param newest newest parameters of all members
 * @param averaged averaged parameters of the members that average
 * @param recent numbers of the recent examples that are kept for replay
 * @param good copies of parameters to which the guard returns
 */
public record EnsembleSize(long newest, long averaged, long recent, long good) {

    /** The size of the ensemble of a specification. */
    public static EnsembleSize of(LearnerSpec spec) {
        EnsembleInputs inputs = EnsembleInputs.of(spec);
        long newest = 0;
        long averaged = 0;
        for (MemberSpec member : MemberSpec.of(inputs)) {
            int outputs = spec.architecture().outputs();
            newest += member.parameters(inputs, outputs);
            averaged += member.averaged(inputs, outputs);
        }
        long ids = 2L * inputs.tables().size() + 1; // one for each table, and where it ends; rows may have more
        long example = inputs.numbers()
                + (long) spec.targetWidth()
                + 1
                + (inputs.tables().isEmpty() ? 0 : ids); // and its weight
        return new EnsembleSize(
                newest, averaged, MemberSpec.RECENT * example, spec.guard().maxConsecutive() > 0 ? newest : 0);
    }

    /** Floats of a snapshot. */
    public long snapshot() {
        return newest + averaged;
    }

    /** Floats of a checkpoint: the parameters, the mean square of each newest one, the copies and the recent examples. */
    public long checkpoint() {
        return 2 * newest + averaged + good + recent;
    }
}
