package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Growth;

/**
 * The network of a member as it was saved: with the same inputs as that of the learner that restores it, or with the first of them only. In the
 * second case the weights of the new inputs and their moments start at zero, and new tables as those of a new learner.
 *
 * @param growth carries its parameters over
 * @param averaged number of its first parameters that it averages
 */
record SavedMember(Growth growth, int averaged) {
    /**
     * @param saved what entered then
     * @param inputs what enters now: the same, and possibly more at the end
     */
    static SavedMember of(MemberSpec spec, EnsembleInputs saved, EnsembleInputs inputs, int outputs, Loss loss) {
        Growth growth = new Growth(
                MemberNetworks.architecture(spec, saved, outputs, loss),
                MemberNetworks.architecture(spec, inputs, outputs, loss),
                spec.slow() && spec.fast() ? 2 : 1);
        return new SavedMember(growth, (int) spec.averaged(saved, outputs));
    }

    /**
     * Reads parameters or moments.
     *
     * @param canonical of the learner that restores. Overwritten, except for new tables
     */
    void read(StateReader in, float[] canonical) {
        read(in, growth.formerCount(), canonical);
    }

    /** Reads averaged parameters, which are the first of {@code canonical}, too. The others are of no use. */
    void readAveraged(StateReader in, float[] canonical) {
        read(in, averaged, canonical);
    }

    private void read(StateReader in, int count, float[] canonical) {
        float[] former = new float[growth.formerCount()];
        in.getFloats(former, count);
        growth.carry(former, canonical);
    }
}
