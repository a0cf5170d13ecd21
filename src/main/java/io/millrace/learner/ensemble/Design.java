package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * What an ensemble consists of. Users have one design; others show what each part is good for.
 *
 * @param members its networks
 * @param labels whether it has a memory of labels, where the task allows one
 * @param startsWarm whether members that replay step more often while they are young
 * @param mixes whether the weights of the experts are learned; else they stay equal
 */
record Design(List<MemberSpec> members, boolean labels, boolean startsWarm, boolean mixes) {

    /** The design for these inputs. */
    static Design of(EnsembleInputs inputs) {
        return new Design(MemberSpec.of(inputs), true, true, true);
    }

    /** Whether it has a memory of labels. */
    boolean remembersLabels(Task task) {
        return labels && LabelMemory.fits(task);
    }

    /** Names of all experts, in the order of their weights. */
    List<String> experts(Task task) {
        List<String> names = new ArrayList<>();
        members.forEach(spec -> names.addAll(spec.experts()));
        if (remembersLabels(task)) {
            names.add("labels");
        }
        return names;
    }
}
