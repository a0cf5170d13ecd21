package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.stream.IntStream;

/**
 * Weights of experts. Each example makes one Newton step on the loss of all examples, of which older ones count less, plus a ridge towards the first
 * weights: logistic mixing as in PAQ (Mahoney, 2005), with second derivatives. Allocates nothing after construction.
 */
final class Mixture {
    private static final double FORGET = 0.999;
    private static final double RIDGE = 1; // for each expert
    private static final double MIN_PIVOT = 1e-9;

    /**
     * The most that an example changes a weight. Without outliers no example changes one by more than 0.95 (six streams of docs/benchmarks.md).
     * But where the answer is sure there is no curvature, and nothing else limits the step of an example of great weight, or of a target
     * that is far off.
     */
    private static final double MOST_CHANGE = 2;

    private final Link link;
    private final boolean centred;
    private final int outputs;
    private final int[] used; // the experts that count
    private final int size; // their number
    private final double ridge;
    private final double[] first; // [size]: the weights of the start
    private final double[] weights; // [experts], 0 for those that do not count
    private final double[] hessian; // [size x size], lower triangle
    private final double[] terms; // [size x outputs], centred where the link says so
    private final double[] curved; // [outputs]: a row of terms, times the curvature
    private final double[] sums; // [outputs]
    private final double[] answer; // [outputs]
    private final double[] errors; // [outputs]
    private final double[] gradient; // [size]
    private final double[] factor; // [size x size], lower triangle
    private final double[] step; // [size]

    /**
     * @param networks number of experts that start with equal weights, the first ones; others start at 0
     * @param counts for each expert whether it counts
     */
    Mixture(Link link, int outputs, int networks, boolean... counts) {
        this.link = link;
        this.outputs = outputs;
        centred = link.centred();
        used = IntStream.range(0, counts.length).filter(j -> counts[j]).toArray();
        size = used.length;
        ridge = RIDGE * networks;
        weights = new double[counts.length];
        first = new double[size];
        hessian = new double[size * size];
        for (int a = 0; a < size; a++) {
            first[a] = used[a] < networks ? 1.0 / networks : 0;
            weights[used[a]] = first[a];
            hessian[a * size + a] = ridge;
        }
        terms = new double[size * outputs];
        curved = new double[outputs];
        sums = new double[outputs];
        answer = new double[outputs];
        errors = new double[outputs];
        gradient = new double[size];
        factor = new double[size * size];
        step = new double[size];
    }

    /** The weight of each expert, live. */
    double[] weights() {
        return weights;
    }

    /** The last {@link #answer}, live. */
    double[] answer() {
        return answer;
    }

    /**
     * Combines the experts.
     *
     * @param ofExperts terms of all experts, [experts x outputs]
     * @return the answer, live, [outputs]
     */
    double[] answer(double[] ofExperts) {
        combine(weights, ofExperts, sums);
        System.arraycopy(sums, 0, answer, 0, outputs);
        link.answer(answer);
        return answer;
    }

    /** The loss of the last {@link #answer(double[])}. */
    double loss(float[] target) {
        return link.loss(sums, 0, target);
    }

    /** Overwrites the sums, [outputs], with the weighted sums of the experts' terms. */
    static void combine(double[] weights, double[] ofExperts, double[] sums) {
        int outputs = sums.length;
        for (int k = 0; k < outputs; k++) {
            double sum = 0;
            for (int j = 0; j < weights.length; j++) {
                sum += weights[j] * ofExperts[j * outputs + k];
            }
            sums[k] = sum;
        }
    }

    /** Learns an example after {@link #answer(double[])}. */
    void learn(double[] ofExperts, float[] target, double weight) {
        link.errors(answer, target, errors);
        for (int a = 0; a < size; a++) {
            int from = used[a] * outputs;
            double mean = 0;
            double sum = 0;
            for (int k = 0; k < outputs; k++) {
                double term = ofExperts[from + k];
                mean += answer[k] * term;
                sum += errors[k] * term;
            }
            gradient[a] = weight * sum + (1 - FORGET) * ridge * (weights[used[a]] - first[a]);
            double middle = centred ? mean : 0;
            for (int k = 0; k < outputs; k++) {
                terms[a * outputs + k] = ofExperts[from + k] - middle;
            }
        }
        remember(weight);
        descend();
    }

    private void remember(double weight) {
        for (int a = 0; a < size; a++) {
            for (int k = 0; k < outputs; k++) {
                curved[k] = link.curvature(answer[k]) * terms[a * outputs + k];
            }
            for (int b = 0; b <= a; b++) {
                double sum = 0;
                for (int k = 0; k < outputs; k++) {
                    sum += curved[k] * terms[b * outputs + k];
                }
                int at = a * size + b;
                hessian[at] = FORGET * hessian[at] + weight * sum;
            }
            hessian[a * size + a] += (1 - FORGET) * ridge;
        }
    }

    /** {@code weights -= hessian^-1 gradient}, or a part of it, by Cholesky's factors, whose diagonals are kept as inverses: divisions take longest. */
    private void descend() {
        for (int a = 0; a < size; a++) {
            int rowA = a * size;
            double rest = gradient[a];
            for (int b = 0; b < a; b++) {
                int rowB = b * size;
                double q = hessian[rowA + b];
                for (int k = 0; k < b; k++) {
                    q -= factor[rowA + k] * factor[rowB + k];
                }
                q *= factor[rowB + b];
                factor[rowA + b] = q;
                rest -= q * step[b];
            }
            double pivot = hessian[rowA + a];
            for (int k = 0; k < a; k++) {
                pivot -= factor[rowA + k] * factor[rowA + k];
            }
            double inverse = 1 / Math.sqrt(Math.max(pivot, MIN_PIVOT));
            factor[rowA + a] = inverse;
            step[a] = rest * inverse;
        }
        double largest = MOST_CHANGE;
        for (int a = size - 1; a >= 0; a--) {
            double q = step[a];
            for (int k = a + 1; k < size; k++) {
                q -= factor[k * size + a] * step[k];
            }
            step[a] = q * factor[a * size + a];
            largest = Math.max(largest, Math.abs(step[a]));
        }
        double part = MOST_CHANGE / largest; // 1 for most
        for (int a = 0; a < size; a++) {
            weights[used[a]] -= part * step[a];
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
