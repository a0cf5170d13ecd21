package io.millrace.bench.workload;

/**
 * Logistic regression on the hash of a user, alone and multiplied by each number of the context, as one would declare it in Vowpal Wabbit. It
 * is given the form of {@link UserStream}'s logit, which other learners have to find. AdaGrad (Duchi, Hazan and Singer, 2011) with the
 * learning rate {@value #RATE}, the best of 0.1, 0.25, 0.5, 1, 2 and 4 on a million examples of this stream.
 */
public final class CrossedRegression {
    private static final double RATE = 1;
    private static final double DELTA = 1e-8;

    private final double[][] weights;
    private final double[][] squares;

    /** @param buckets of users */
    public CrossedRegression(int buckets) {
        weights = new double[buckets][3];
        squares = new double[buckets][3];
    }

    /** Learns an example, and returns the probability of label 1 that it gave before. */
    public double learn(int bucket, double[] context, int label) {
        double[] w = weights[bucket];
        double[] sum = squares[bucket];
        double[] x = {1, context[0], context[1]};
        double p = 1 / (1 + Math.exp(-(w[0] * x[0] + w[1] * x[1] + w[2] * x[2])));
        for (int j = 0; j < x.length; j++) {
            double gradient = (p - label) * x[j];
            sum[j] += gradient * gradient;
            w[j] -= RATE * gradient / Math.sqrt(sum[j] + DELTA);
        }
        return p;
    }
}
