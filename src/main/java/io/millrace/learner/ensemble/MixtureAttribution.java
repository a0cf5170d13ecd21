package io.millrace.learner.ensemble;

import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Explains answers of the mixture by gradient x input; see {@link FieldSummary}. The logit of the mixture is the weighted sum of the logits of its
 * experts, so its gradient is the weighted sum of their gradients: the cut at {@link Link#LIMIT} is left out, and the memory of labels has no inputs. A
 * number that enters by long and by short statistics is two inputs; its place among bins is a function of the first. Allocates nothing after
 * construction.
 */
final class MixtureAttribution {
    private final List<MemberAttribution> members = new ArrayList<>();
    private final double[] ofNumbers;
    private final double[] ofTables;

    MixtureAttribution(Member[] members, List<MemberSpec> specs, EnsembleInputs inputs) {
        for (int m = 0; m < members.length; m++) {
            this.members.add(new MemberAttribution(members[m], specs.get(m), inputs));
        }
        ofNumbers = new double[inputs.numbers()];
        ofTables = new double[inputs.tables().size()];
    }

    /**
     * Explains the answer to an example.
     *
     * @param views of the example
     * @param weights of the experts
     * @param score weights of the logits, [outputs]
     */
    void explain(Views views, double[] weights, float[] score, FieldSummary fields) {
        Arrays.fill(ofNumbers, 0);
        Arrays.fill(ofTables, 0);
        int expert = 0;
        for (int m = 0; m < members.size(); m++) {
            expert = members.get(m).add(views, weights, expert, score, ofNumbers, ofTables);
        }
        fields.explain(ofNumbers, ofTables);
    }
}
