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
            long parameters = member.parameters(inputs, spec.architecture().outputs());
            newest += parameters;
            averaged += member.averages() ? parameters : 0;
        }
        long example = inputs.numbers() + (long) spec.targetWidth() + 1; // and its weight
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
