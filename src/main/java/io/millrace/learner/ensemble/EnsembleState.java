package io.millrace.learner.ensemble;

import io.millrace.learner.evaluation.Evaluation;
import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.evaluation.HoldoutEvaluation;
import io.millrace.learner.evaluation.TrueAndPredicted;
import io.millrace.learner.input.ExampleCheck;
import io.millrace.learner.input.StreamTime;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.SavedSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The complete state of an {@link EnsembleLearner}: the parts that it works with. Saves and restores them. What changes with each example comes first,
 * then the good weights, which change at reports only, then the ring, of which an example changes one slot. All have a fixed place.
 */
final class EnsembleState {
    private static final int HELD_OUT = 1;
    private static final int GOOD = 2;
    private static final int DETAILS = 4;

    final ExampleCheck check;
    final StreamTime time;
    final ExampleMetrics metrics;
    final Evaluation evaluation;
    final TrueAndPredicted outcomes;
    final FieldSummary fields;
    final HoldoutEvaluation holdout; // null: nothing is held out
    final Ensemble ensemble;
    final MixtureAttribution attribution;
    final ExpertLosses losses;
    long nextPosition;
    private final LearnerSpec spec;
    private final Design design;
    private final TargetScaler scaler; // null: no regression
    private final boolean returns;

    EnsembleState(LearnerSpec spec, Design design) {
        this.spec = spec;
        this.design = design;
        int outputs = outputs(spec);
        check = new ExampleCheck(spec);
        time = new StreamTime(spec.batchStepMs());
        scaler = spec.task() == Task.REGRESSION ? new TargetScaler(outputs, spec.rules()) : null;
        metrics = new ExampleMetrics(spec.task(), outputs, scaler);
        evaluation = new Evaluation(metrics, spec.validation().fading());
        outcomes = TrueAndPredicted.of(spec, metrics, outputs);
        fields = new FieldSummary(spec);
        holdout = spec.validation().holdsOut() ? new HoldoutEvaluation(metrics) : null;
        ensemble = new Ensemble(
                design,
                spec.task(),
                spec.layout(),
                EnsembleInputs.of(spec),
                outputs,
                scaler,
                spec.guard(),
                spec.seed());
        attribution = new MixtureAttribution(ensemble.members(), design.members(), EnsembleInputs.of(spec));
        losses = new ExpertLosses(ensemble.experts());
        returns = spec.guard().maxConsecutive() > 0;
    }

    /** Number of classes, labels or targets. Two classes have two outputs, even where a network of this specification has one. */
    static int outputs(LearnerSpec spec) {
        return spec.task() == Task.REGRESSION
                ? spec.architecture().outputs()
                : spec.classes().size();
    }

    void save(StateWriter out) {
        out.putText(spec.fingerprint());
        out.putInt((holdout == null ? 0 : HELD_OUT) + (returns ? GOOD : 0) + DETAILS);
        out.putLong(nextPosition);
        time.save(out);
        time.saveDoubts(out);
        evaluation.save(out);
        losses.save(out);
        outcomes.save(out);
        fields.save(out);
        check.save(out);
        if (holdout != null) {
            holdout.save(out);
        }
        if (scaler != null) {
            scaler.save(out);
        }
        ensemble.save(out);
        out.startChunk(StateWriter.CHUNK_BYTES); // good weights change at reports only
        for (Member member : ensemble.members()) {
            member.trainer().saveGood(out);
        }
        ensemble.saveRing(out);
    }

    /** The members as they were saved. */
    private List<SavedMember> members(LearnerSpec former) {
        EnsembleInputs saved = EnsembleInputs.of(former);
        EnsembleInputs inputs = EnsembleInputs.of(spec);
        List<MemberSpec> was = MemberSpec.of(saved);
        List<MemberSpec> is = MemberSpec.of(inputs);
        if (!was.equals(is)) {
            throw SavedSpec.cannotGrow(
                    former, spec, "with them the ensemble would consist of " + names(is) + " instead of " + names(was));
        }
        return design.members().stream()
                .map(member -> SavedMember.of(member, saved, inputs, outputs(spec), Ensemble.loss(spec.task())))
                .toList();
    }

    private static String names(List<MemberSpec> members) {
        return members.stream().map(MemberSpec::name).collect(Collectors.joining(", "));
    }

    /**
     * Restores a saved state. Holdout and the guard's return may have been turned on or off since, and features may have been added at the end
     * ({@link SavedSpec}): the kept examples have no values of them.
     *
     * @throws OtherShapeException when the state belongs to a learner of another shape
     * @throws IllegalStateException when the state is damaged
     */
    void restore(StateReader in) {
        LearnerSpec former = SavedSpec.of(spec, in.getText());
        EnsembleInputs inputs = EnsembleInputs.of(former);
        List<SavedMember> saved = members(former);
        int sections = in.getInt();
        nextPosition = in.getCount();
        time.restore(in);
        time.restoreDoubts(in);
        evaluation.restore(in);
        losses.restore(in);
        if ((sections & DETAILS) != 0) { // else the next report has those of the examples from here on
            outcomes.restore(in);
            fields.restore(in, former);
        }
        check.restore(in, inputs.numbers());
        if ((sections & HELD_OUT) != 0) { // read even if it is not needed any more, because more follows
            (holdout == null ? new HoldoutEvaluation(metrics) : holdout).restore(in);
        }
        if (scaler != null) {
            scaler.restore(in);
        }
        ensemble.restore(in, inputs, saved);
        for (int m = 0; m < saved.size(); m++) {
            ensemble.members()[m].trainer().restoreGood(in, saved.get(m), (sections & GOOD) != 0, ensemble.learned());
        }
        ensemble.restoreRing(in, inputs);
    }
}
