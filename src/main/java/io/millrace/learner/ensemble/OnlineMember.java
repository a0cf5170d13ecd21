package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.loss.Loss;

/** A member that learns each example at once, from the pass that has predicted it. */
final class OnlineMember implements Member {
    private final GuardedTrainer trainer;
    private final MemberInputs row;
    private final float[] weights = new float[1];

    OnlineMember(MemberSpec spec, EnsembleInputs inputs, int outputs, Loss loss, GuardLimits limits, long seed) {
        trainer = new GuardedTrainer(MemberNetworks.of(spec, inputs, outputs, loss), spec.rate(), 1, limits, seed);
        row = new MemberInputs(spec, inputs, 1);
    }

    @Override
    public int experts() {
        return 1;
    }

    @Override
    public void predict(Views views, float[] logits, int from) {
        row.clear();
        row.add(views);
        trainer.predict(row, logits, from);
    }

    @Override
    public void learn(Views views, ExampleRing ring, float[] target, float weight, long n) {
        weights[0] = weight;
        trainer.learn(row, target, weights);
    }

    @Override
    public GuardedTrainer trainer() {
        return trainer;
    }

    @Override
    public float[] parameters(int expert) {
        return trainer.parameters();
    }

    @Override
    public int parameterCount() {
        return trainer.network().parameterCount();
    }

    @Override
    public void parameters(float[] canonical, int to) {
        MemberNetworks.copy(trainer.network(), trainer.parameters(), canonical, to);
    }

    @Override
    public void save(StateWriter out) {
        trainer.save(out);
    }

    @Override
    public void restore(StateReader in, SavedMember saved) {
        trainer.restore(in, saved);
    }
}
