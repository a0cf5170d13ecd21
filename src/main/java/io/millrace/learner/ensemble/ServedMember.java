package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.network.Network;

/** A member of one version: parameters that do not change. */
final class ServedMember implements Forecaster {
    private final MemberSpec spec;
    private final EnsembleInputs inputs;
    private final Network network;
    private final float[] newest;
    private final float[] average; // null: it does not average
    private final MemberPass pass;

    /** @param canonical parameters of all members; these are taken from {@code from} */
    ServedMember(MemberSpec spec, EnsembleInputs inputs, Network network, float[] canonical, int from) {
        this.spec = spec;
        this.inputs = inputs;
        this.network = network;
        newest = padded(canonical, from);
        average = spec.averages() ? padded(canonical, from + network.parameterCount()) : null;
        pass = new MemberPass(spec, inputs, network);
    }

    /** Shares the parameters. */
    ServedMember(ServedMember other) {
        spec = other.spec;
        inputs = other.inputs;
        network = other.network;
        newest = other.newest;
        average = other.average;
        pass = new MemberPass(spec, inputs, network);
    }

    private float[] padded(float[] canonical, int from) {
        float[] parameters = new float[network.parameterLength()];
        network.layout().fromCanonical(canonical, from, 0, network.parameterCount(), parameters);
        return parameters;
    }

    @Override
    public int experts() {
        return average == null ? 1 : 2;
    }

    @Override
    public void predict(Views views, float[] logits, int from) {
        pass.take(views);
        int to = average == null ? from : pass.predict(average, logits, from);
        pass.predict(newest, logits, to);
    }
}
