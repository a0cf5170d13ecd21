package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Sgd;
import io.millrace.nn.penalty.L1;
import io.millrace.nn.penalty.L2;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Backpropagation against central differences of a double-precision forward pass. */
class GradientCheckTest {
    private static final double H = 1e-6;

    @Provide
    Arbitrary<Architecture> chains() {
        return Architectures.chains();
    }

    @Provide
    Arbitrary<Architecture> graphs() {
        return Architectures.graphs();
    }

    @Provide
    Arbitrary<Architecture> shaped() {
        return Architectures.shaped();
    }

    @Property(tries = 200, seed = "1") // of many units, one may bend where float and double differ
    void shouldFollowTheSlopeThroughImagesAndSequences(
            @ForAll("shaped") Architecture architecture,
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll long seed) {
        check(architecture, rows, seed);
    }

    @Property(tries = 150)
    void shouldFollowTheSlopeOfTheObjective(
            @ForAll("chains") Architecture architecture,
            @ForAll @IntRange(min = 1, max = 24) int rows,
            @ForAll long seed) {
        check(architecture, rows, seed);
    }

    @Property(tries = 250)
    void shouldFollowTheSlopeThroughGraphs(
            @ForAll("graphs") Architecture architecture,
            @ForAll @IntRange(min = 1, max = 24) int rows,
            @ForAll long seed) {
        check(architecture, rows, seed);
    }

    private static void check(Architecture architecture, int rows, long seed) {
        TrainingRun run = new TrainingRun(
                architecture,
                new Sgd(),
                List.of(new L2(0.03), new L1(0.01)),
                Clipping.NONE,
                KernelsProvider.kernels(),
                rows,
                seed);
        Network network = run.network;
        run.steps(2); // away from running averages and biases of zero
        float[] state = new float[network.stateCount()];
        network.stateToCanonical(run.trainer.state(), state);
        ReferenceNetwork reference = new ReferenceNetwork(architecture, state, seed, run.trainer.steps(), 0.03, 0.01);
        float[] canonical = new float[network.parameterCount()];
        network.toCanonical(run.trainer.parameters(), canonical);
        double[] point = new double[canonical.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = canonical[i];
        }

        run.trainer.computeGradient(run.inputs, run.targets, run.weights, rows, run.losses, run.scores);

        double[][] logits = reference.logits(point, run.inputs, rows, false);
        for (int i = 0; i < rows; i++) {
            double loss = reference.loss(logits[i], run.targets, i * architecture.targetWidth());
            assertThat((double) run.losses[i]).isCloseTo(loss, within(1e-5 + 1e-4 * loss));
        }
        float[] gradient = new float[canonical.length];
        network.toCanonical(run.trainer.gradient(), gradient);
        double worst = 0;
        int kinks = 0;
        for (int i = 0; i < point.length; i += 1 + point.length / 97) {
            double kept = point[i];
            if (Math.abs(kept) < 2 * H && kept != 0) {
                continue; // the kink of the L1 penalty
            }
            double centre = reference.objective(point, run.inputs, run.targets, run.weights, rows);
            point[i] = kept + H;
            double above = reference.objective(point, run.inputs, run.targets, run.weights, rows);
            point[i] = kept - H;
            double below = reference.objective(point, run.inputs, run.targets, run.weights, rows);
            point[i] = kept;
            if (Math.abs((above - centre) - (centre - below)) > 2e-5 * H) {
                kinks++; // a rectifier bends between the two points; a bend that is not seen moves the slope by a tenth
                // of the limit at most
                continue;
            }
            double slope = (above - below) / (2 * H);
            worst = Math.max(worst, Math.abs(gradient[i] - slope) / (1e-2 + Math.abs(slope)));
        }
        assertThat(worst).isLessThan(2e-3);
        assertThat(kinks).as("points without a slope").isLessThanOrEqualTo(20);
    }
}
