package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The weights of experts against Newton steps by elimination on full matrices. */
class MixtureTest {
    private static final int EXPERTS = 4;
    private static final int CLASSES = 3;

    private final Random random = new Random(1);

    private static double[] softmax(double[] sums) {
        double total = 0;
        double[] p = new double[sums.length];
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.exp(sums[k]);
            total += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= total;
        }
        return p;
    }

    /** Log-probabilities of random experts. */
    private double[] terms() {
        double[] terms = new double[EXPERTS * CLASSES];
        for (int j = 0; j < EXPERTS; j++) {
            double[] z = random.doubles(CLASSES, -2, 2).toArray();
            double[] p = softmax(z);
            for (int k = 0; k < CLASSES; k++) {
                terms[j * CLASSES + k] = Math.log(p[k]);
            }
        }
        return terms;
    }

    private static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            for (int r = i + 1; r < n; r++) {
                double f = matrix[r][i] / matrix[i][i];
                for (int c = i; c < n; c++) {
                    matrix[r][c] -= f * matrix[i][c];
                }
                right[r] -= f * right[i];
            }
        }
        double[] x = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double s = right[i];
            for (int c = i + 1; c < n; c++) {
                s -= matrix[i][c] * x[c];
            }
            x[i] = s / matrix[i][i];
        }
        return x;
    }

    /** Three experts start equal, the last, such as a memory of labels, at 0; the second does not count. */
    @Test
    void shouldMakeOneNewtonStepOnTheFadedLossForEachExample() {
        Mixture mixture = new Mixture(new SoftmaxLink(CLASSES), CLASSES, 3, true, false, true, true);
        double[] first = {1 / 3.0, 0, 1 / 3.0, 0};
        double[] w = first.clone();
        double[][] h = new double[EXPERTS][EXPERTS];
        for (int j = 0; j < EXPERTS; j++) {
            h[j][j] = 3;
        }
        for (int i = 0; i < 200; i++) {
            double[] terms = terms();
            int y = random.nextInt(CLASSES);
            double weight = i % 5 == 0 ? 2 : 1;
            double[] sums = new double[CLASSES];
            double[][] l = new double[EXPERTS][CLASSES];
            for (int j = 0; j < EXPERTS; j++) {
                for (int k = 0; k < CLASSES; k++) {
                    l[j][k] = j == 1 ? 0 : terms[j * CLASSES + k];
                    sums[k] += w[j] * l[j][k];
                }
            }
            double[] p = softmax(sums);
            double[] answer = mixture.answer(terms);
            for (int k = 0; k < CLASSES; k++) {
                assertThat(answer[k]).isCloseTo(p[k], within(1e-6)); // its exponential is one of floats
            }
            assertThat(mixture.loss(new float[] {y})).isCloseTo(-Math.log(p[y]), within(1e-6));

            double[] gradient = new double[EXPERTS];
            for (int a = 0; a < EXPERTS; a++) {
                gradient[a] = 0.001 * 3 * (w[a] - first[a]);
                for (int k = 0; k < CLASSES; k++) {
                    gradient[a] += weight * (p[k] - (k == y ? 1 : 0)) * l[a][k];
                }
                for (int b = 0; b < EXPERTS; b++) {
                    h[a][b] = 0.999 * h[a][b] + weight * covariance(p, l[a], l[b]) + (a == b ? 0.001 * 3 : 0);
                }
            }
            double[][] copy = new double[EXPERTS][];
            for (int a = 0; a < EXPERTS; a++) {
                copy[a] = h[a].clone();
            }
            double[] step = solve(copy, gradient);
            for (int a = 0; a < EXPERTS; a++) {
                w[a] -= step[a];
            }
            mixture.learn(terms, new float[] {y}, weight);
            assertThat(mixture.weights()).containsExactly(w, within(1e-5));
        }
        assertThat(mixture.weights()[1]).isZero();
    }

    private static double covariance(double[] p, double[] x, double[] y) {
        double mean = 0;
        double meanX = 0;
        double meanY = 0;
        for (int k = 0; k < p.length; k++) {
            mean += p[k] * x[k] * y[k];
            meanX += p[k] * x[k];
            meanY += p[k] * y[k];
        }
        return mean - meanX * meanY;
    }

    @Test
    void shouldTrustTheExpertThatIsRight() {
        for (Link link : new Link[] {new SoftmaxLink(2), new SigmoidLink(2), new IdentityLink(2)}) {
            Mixture mixture = new Mixture(link, 2, 2, true, true);
            for (int i = 0; i < 2000; i++) {
                int y = random.nextInt(2);
                float[] target = link.centred() ? new float[] {y} : new float[] {1 - y, y};
                double[] terms = new double[4];
                for (int k = 0; k < 2; k++) {
                    terms[k] = k == y ? -0.2 : -1.7; // the right class, without much confidence
                    terms[k] += link.centred() ? 0 : 1;
                    terms[2 + k] = random.nextGaussian();
                }
                mixture.answer(terms);
                mixture.learn(terms, target, 1);
            }
            assertThat(mixture.weights()[0]).isGreaterThan(0.5);
            assertThat(mixture.weights()[1]).isCloseTo(0, within(0.2));
        }
    }

    /** Where the answer is sure there is no curvature, which would limit the step. */
    @Test
    void shouldMoveNoWeightFarForOneExample() {
        double[] terms = {-11, 0, -11, 0};
        Mixture classes = new Mixture(new SoftmaxLink(2), 2, 2, true, true);
        classes.answer(terms);
        classes.learn(terms, new float[] {0}, 1e6);
        Mixture targets = new Mixture(new IdentityLink(2), 2, 2, true, true);
        targets.answer(terms);
        targets.learn(terms, new float[] {1e30f, 0}, 1);

        for (Mixture mixture : new Mixture[] {classes, targets}) {
            assertThat(Math.abs(mixture.weights()[0] - 0.5)).isCloseTo(2, within(1e-9));
            assertThat(mixture.weights()[1])
                    .isCloseTo(mixture.weights()[0], within(1e-9)); // the step keeps its direction
        }
    }
}
