package io.millrace.learner.ensemble;

import java.util.List;

/** What the networks of an ensemble say of one example: the terms of all of them, one expert after the other. Allocates nothing after construction. */
final class Experts {
    private final Forecaster[] networks;
    private final Link link;
    private final int outputs;
    private final int count;
    private final float[] logits; // [experts x outputs]

    Experts(List<? extends Forecaster> networks, Link link, int outputs) {
        this.networks = networks.toArray(Forecaster[]::new);
        this.link = link;
        this.outputs = outputs;
        count = networks.stream().mapToInt(Forecaster::experts).sum();
        logits = new float[count * outputs];
    }

    /** Number of experts. */
    int count() {
        return count;
    }

    /**
     * Asks all of them.
     *
     * @param terms overwritten from 0: [experts x outputs]
     */
    void predict(Views views, double[] terms) {
        int from = 0;
        for (Forecaster network : networks) {
            network.predict(views, logits, from);
            from += network.experts() * outputs;
        }
        for (int j = 0; j < count; j++) {
            link.terms(logits, j * outputs, terms, j * outputs);
        }
    }
}
