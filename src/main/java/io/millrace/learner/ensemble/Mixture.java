package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;

/**
 * Weights of experts. Each example makes one Newton step on the loss of all examples, of which older ones count less, plus a ridge towards the first weights:
 * logistic mixing as in PAQ (Mahoney, 2005), with second derivatives. Allocates nothing after construction.
 */
final class Mixture {
    private static final double FORGET = 0.999;
    private static final double RIDGE = 1; // for each expert
    private static final double MIN_PIVOT = 1e-9;

    private final Link link;
    private final int experts;
    private final int outputs;
    private final boolean[] used;
    private final double ridge;
    private final double[] first; // [experts]: the weights of the start
    private final double[] weights; // [experts]
    private final double[] hessian; // [experts x experts], lower triangle
    private final double[] terms; // [experts x outputs]: those of the experts that are used, centred
    private final double[] answer; // [outputs]
    private final double[] errors; // [outputs]
    private final double[] gradient; // [experts]
    private final double[] factor; // [experts x experts], lower triangle
    private final double[] step; // [experts]

    /**
     * @param networks number of experts that start with equal weights, the first ones; others start at 0
     * @param used which experts count
     */
    Mixture(Link link, int outputs, int networks, boolean... used) {
        this.link = link;
        this.outputs = outputs;
        this.used = used.clone();
        experts = used.length;
        ridge = RIDGE * networks;
        first = new double[experts];
        Arrays.fill(first, 0, networks, 1.0 / networks);
        hessian = new double[experts * experts];
        for (int j = 0; j < experts; j++) {
            first[j] = used[j] ? first[j] : 0;
            hessian[j * experts + j] = ridge;
        }
        weights = first.clone();
        terms = new double[experts * outputs];
        answer = new double[outputs];
        errors = new double[outputs];
        gradient = new double[experts];
        factor = new double[experts * experts];
        step = new double[experts];
    }

    /** The weight of each expert, live. */
    double[] weights() {
        return weights;
    }

    /**
     * Combines the experts.
     *
     * @param ofExperts terms of all experts, [experts x outputs]
     * @return the answer, live, [outputs]
     */
    double[] answer(double[] ofExperts) {
        for (int k = 0; k < outputs; k++) {
            double sum = 0;
            for (int j = 0; j < experts; j++) {
                sum += used[j] ? weights[j] * ofExperts[j * outputs + k] : 0;
            }
            answer[k] = sum;
        }
        link.answer(answer);
        return answer;
    }

    /** Learns an example after {@link #answer}. */
    void learn(double[] ofExperts, float[] target, double weight) {
        link.errors(answer, target, errors);
        for (int j = 0; j < experts; j++) {
            double mean = 0;
            double sum = 0;
            for (int k = 0; k < outputs; k++) {
                double term = used[j] ? ofExperts[j * outputs + k] : 0;
                terms[j * outputs + k] = term;
                mean += answer[k] * term;
                sum += errors[k] * term;
            }
            gradient[j] = weight * sum + (1 - FORGET) * ridge * (weights[j] - first[j]);
            for (int k = 0; k < outputs && link.centred(); k++) {
                terms[j * outputs + k] -= mean;
            }
        }
        remember(weight);
        descend();
    }

    private void remember(double weight) {
        for (int a = 0; a < experts; a++) {
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int k = 0; k < outputs; k++) {
                    sum += link.curvature(answer[k]) * terms[a * outputs + k] * terms[b * outputs + k];
                }
                int at = a * experts + b;
                hessian[at] = FORGET * hessian[at] + weight * sum + (a == b ? (1 - FORGET) * ridge : 0);
            }
        }
    }

    /** {@code weights -= hessian^-1 gradient}, by Cholesky's factors. */
    private void descend() {
        for (int a = 0; a < experts; a++) {
            for (int b = 0; b <= a; b++) {
                double q = hessian[a * experts + b];
                for (int k = 0; k < b; k++) {
                    q -= factor[a * experts + k] * factor[b * experts + k];
                }
                factor[a * experts + b] = a == b ? Math.sqrt(Math.max(q, MIN_PIVOT)) : q / factor[b * experts + b];
            }
        }
        for (int a = 0; a < experts; a++) {
            double q = gradient[a];
            for (int k = 0; k < a; k++) {
                q -= factor[a * experts + k] * step[k];
            }
            step[a] = q / factor[a * experts + a];
        }
        for (int a = experts - 1; a >= 0; a--) {
            double q = step[a];
            for (int k = a + 1; k < experts; k++) {
                q -= factor[k * experts + a] * step[k];
            }
            step[a] = q / factor[a * experts + a];
        }
        for (int a = 0; a < experts; a++) {
            weights[a] -= step[a];
        }
    }

    void save(StateWriter out) {
        out.putDoubles(weights);
        out.putDoubles(hessian);
    }

    void restore(StateReader in) {
        in.getDoubles(weights);
        in.getDoubles(hessian);
    }
}
