package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Workspace;

/** Predictions of one row with a member's network and any parameters. */
final class MemberPass {
    private final MemberInputs row;
    private final Network network;
    private final Workspace workspace;
    private final int outputs;

    MemberPass(MemberSpec spec, EnsembleInputs inputs, Network network) {
        this.network = network;
        row = new MemberInputs(spec, inputs, 1);
        workspace = network.workspace(1);
        workspace.tokens(row.tokens());
        outputs = network.architecture().outputs();
    }

    /** Takes the row of the next predictions. */
    void take(Views views) {
        row.clear();
        row.add(views);
    }

    /**
     * Predicts.
     *
     * @param parameters padded
     * @param logits receives the logits from {@code to}
     * @return where the next logits belong
     */
    int predict(float[] parameters, float[] logits, int to) {
        network.forward(parameters, row.numbers(), 1, workspace);
        System.arraycopy(workspace.logits(), 0, logits, to, outputs);
        return to + outputs;
    }
}
