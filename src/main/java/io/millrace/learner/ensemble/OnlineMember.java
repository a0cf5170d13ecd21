package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.loss.Loss;

/** A member that learns each example at once. */
final class OnlineMember implements Member {
    private final MemberNetwork network;
    private final MemberInputs row;
    private final float[] weights = new float[1];

    OnlineMember(MemberSpec spec, int features, int outputs, Loss loss, long seed) {
        network = new MemberNetwork(spec, features, outputs, loss, 1, seed);
        row = new MemberInputs(spec, features, 1);
    }

    @Override
    public int experts() {
        return 1;
    }

    @Override
    public void predict(Views views, long n, float[] logits, int from) {
        row.clear();
        row.add(views);
        network.predict(network.trainer.parameters(), row, logits, from);
    }

    @Override
    public void learn(Views views, ExampleRing ring, float[] target, float weight, long n) {
        weights[0] = weight;
        network.step(row, target, weights);
    }

    @Override
    public void save(StateWriter out) {}

    @Override
    public void restore(StateReader in) {}
}
