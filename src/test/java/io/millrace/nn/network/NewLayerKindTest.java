package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Sgd;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A kind of layer that is not in the product works with all that layers have: what it takes is in this file. */
class NewLayerKindTest {
    private static final float H = 0.01f;

    /** Lets a part of each unit through, {@code y = sigmoid(a) x} with a parameter {@code a} for each. */
    private record Gate(int units) implements LayerKind {
        @Override
        public Node node(Context context) {
            return new GateNode(context);
        }

        @Override
        public String toString() {
            return "gate" + units;
        }
    }

    /** The same for those who need no curvature. */
    private record PlainGate(int units) implements LayerKind {
        @Override
        public Node node(Context context) {
            return new PlainGateNode(context);
        }

        @Override
        public String toString() {
            return "plain_gate" + units;
        }
    }

    private static class PlainGateNode implements Node {
        final Block gate; // a [1 x stride]

        PlainGateNode(LayerKind.Context context) {
            gate = context.parameters().vector("gate", context.inputs());
        }

        @Override
        public int width() {
            return gate.width();
        }

        /** {@code s(a)} of a unit. */
        final float open(Pass pass, int j) {
            return (float) (1 / (1 + Math.exp(-pass.parameters()[gate.offset() + j])));
        }

        @Override
        public void predict(Pass pass, Ports values) {
            for (int i = 0; i < pass.rows(); i++) {
                for (int j = 0; j < width(); j++) {
                    float x = values.x0().floats()[i * values.x0().stride() + j];
                    values.y().floats()[i * values.y().stride() + j] = open(pass, j) * x;
                }
            }
        }

        /** {@code dx = s(a) dy}. */
        @Override
        public double backward(Pass pass, Ports values, Ports gradients) {
            if (gradients.x0() != null) {
                predict(pass, new Ports(new Rows[] {gradients.y()}, gradients.x0()));
            }
            return pass.rows()
                    * values.x0().largestMagnitude(pass)
                    * gradients.y().largestMagnitude(pass);
        }

        /** {@code da = sum_i dy x s'(a)}. */
        @Override
        public void parameterGradient(Pass pass, Ports values, Ports gradients) {
            float[] gradient = pass.gradient();
            for (int j = 0; j < width(); j++) {
                float sum = pass.adding() ? gradient[gate.offset() + j] : 0;
                for (int i = 0; i < pass.rows(); i++) {
                    sum += gradients.y().floats()[i * gradients.y().stride() + j]
                            * values.x0().floats()[i * values.x0().stride() + j]
                            * open(pass, j)
                            * (1 - open(pass, j));
                }
                gradient[gate.offset() + j] = sum;
            }
        }
    }

    private static final class GateNode extends PlainGateNode {
        GateNode(LayerKind.Context context) {
            super(context);
        }

        @Override
        public boolean hasTangents() {
            return true;
        }

        /** {@code R(y) = s'(a) R(a) x + s(a) R(x)}. */
        @Override
        public void forwardTangent(Pass pass, Ports values, Ports tangents) {
            for (int i = 0; i < pass.rows(); i++) {
                for (int j = 0; j < width(); j++) {
                    float s = open(pass, j);
                    float x = values.x0().floats()[i * values.x0().stride() + j];
                    float rx = tangents.x0() == null
                            ? 0
                            : tangents.x0().floats()[i * tangents.x0().stride() + j];
                    float ra = pass.direction()[gate.offset() + j];
                    tangents.y().floats()[i * tangents.y().stride() + j] = s * (1 - s) * ra * x + s * rx;
                }
            }
        }

        /** {@code R(dx) = s' R(a) dy + s R(dy)} and {@code R(da) = sum_i s' (R(dy) x + dy R(x)) + s'' R(a) dy x}. */
        @Override
        public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
            int stride = gate.stride();
            for (int i = 0; i < pass.rows(); i++) {
                for (int j = 0; j < width(); j++) {
                    float s = open(pass, j);
                    float ra = pass.direction()[gate.offset() + j];
                    float x = values.x0().floats()[i * values.x0().stride() + j];
                    float rx = tangents.x0() == null ? 0 : tangents.x0().floats()[i * stride + j];
                    float dy = gradients.y().floats()[i * stride + j];
                    float rdy = gradientTangents.y().floats()[i * stride + j];
                    if (gradientTangents.x0() != null) {
                        gradientTangents.x0().floats()[i * stride + j] = s * (1 - s) * ra * dy + s * rdy;
                    }
                    float bend = s * (1 - s) * (1 - 2 * s) * ra * dy * x;
                    pass.product()[gate.offset() + j] += s * (1 - s) * (rdy * x + dy * rx) + bend;
                }
            }
        }
    }

    /** Gates on the input, between layers, with normalisation, dropout and a residual, and with shared parameters. */
    private static Architecture gated(LayerKind gate) {
        Layer between = new Layer(gate, Activation.TANH);
        return new Architecture(
                4,
                List.of(
                        between,
                        new Layer(4, Activation.TANH),
                        between.plus("1").withInputDropout(0.2),
                        between.sharing("3").from("2"),
                        new Layer(4, Activation.TANH).from("3", "4").withBatchNorm(new BatchNorm(0.3, 0.1, true)),
                        new Layer(2, Activation.IDENTITY)),
                Loss.SOFTMAX_CROSS_ENTROPY);
    }

    private static TrainingRun run(Architecture architecture) {
        TrainingRun run = new TrainingRun(architecture, new Sgd(), KernelsProvider.kernels(), 12, 5);
        Random random = new Random(1);
        for (Block block : run.network.layout().blocks()) {
            for (int j = 0; j < block.width() && !block.matrix(); j++) {
                run.trainer.parameters()[block.offset() + j] += 0.3f * (float) random.nextGaussian();
            }
        }
        return run;
    }

    @Test
    void shouldStandInTheLayoutAndInTheShape() {
        Network network = new Network(gated(new Gate(4)), KernelsProvider.kernels());
        assertThat(network.architecture().shape())
                .isEqualTo("4-gate4:tanh-4:tanh-gate4:tanh+1-gate4:tanh<-2=3-4:tanh:batch_norm<-3&4-2:identity"
                        + " softmax_cross_entropy");
        assertThat(network.parameterCount()).isEqualTo(4 + (16 + 4) + 4 + (32 + 8) + (8 + 2));
        assertThat(network.layout().block(2, "gate").canonicalOffset()).isEqualTo(24);
    }

    @Test
    void shouldLearn() {
        Architecture architecture = gated(new Gate(4));
        TrainingRun run = new TrainingRun(architecture, Optimizer.of("adam"), KernelsProvider.kernels(), 32, 11);
        double first = 0;
        double last = 0;
        for (int i = 0; i < 800; i++) {
            for (int r = 0; r < 32; r++) { // the class is the sign of the first input
                run.targets[r] = run.inputs[r * 4] < 0 ? 0 : 1;
            }
            run.step();
            for (float loss : run.losses) {
                first += i < 20 ? loss / (20 * 32) : 0;
                last += i >= 780 ? loss / (20 * 32) : 0;
            }
            run.draw();
        }
        assertThat(last).isLessThan(0.3 * first);
    }

    @Test
    void shouldFollowTheSlopeOfTheObjective() {
        // without dropout and batch normalisation: the losses of evaluation are those of the objective
        Layer gate = new Layer(new Gate(4), Activation.TANH);
        TrainingRun run = run(new Architecture(
                4,
                List.of(gate, gate.plus("1"), gate.sharing("2"), new Layer(2, Activation.IDENTITY).from("2", "3")),
                Loss.SOFTMAX_CROSS_ENTROPY));
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
        float[] gradient = run.trainer.gradient().clone();
        float[] parameters = run.trainer.parameters();
        for (int p = 0; p < parameters.length; p++) {
            float kept = parameters[p];
            parameters[p] = kept + H;
            double above = objective(run);
            parameters[p] = kept - H;
            double below = objective(run);
            parameters[p] = kept;
            if (above != below) { // padding has no slope
                assertThat((double) gradient[p]).isCloseTo((above - below) / (2 * H), within(2e-4));
            }
        }
    }

    private static double objective(TrainingRun run) {
        run.trainer.evaluate(run.inputs, run.targets, run.rows, run.losses, run.scores);
        double sum = 0;
        for (int i = 0; i < run.rows; i++) {
            sum += run.weights[i] * run.losses[i];
        }
        return sum / run.rows;
    }

    @Test
    void shouldFollowTheSlopeOfTheGradient() {
        TrainingRun run = run(gated(new Gate(4)));
        float[] parameters = run.trainer.parameters();
        Random random = new Random(2);
        float[] v = new float[parameters.length];
        for (Block block : run.network.layout().blocks()) {
            for (int i = 0; i < block.rows(); i++) {
                for (int j = 0; j < block.width(); j++) {
                    v[block.index(i, j)] = 0.2f * (float) random.nextGaussian();
                }
            }
        }
        float[] product = new float[parameters.length];
        run.trainer.multiplyByHessian(
                run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores, v, product);
        float[] above = gradientAt(run, v, H);
        float[] below = gradientAt(run, v, -H);
        for (int p = 0; p < product.length; p++) {
            double slope = (above[p] - below[p]) / (2.0 * H);
            assertThat((double) product[p]).as("parameter %d", p).isCloseTo(slope, within(5e-4));
        }
    }

    private static float[] gradientAt(TrainingRun run, float[] v, float step) {
        float[] parameters = run.trainer.parameters();
        float[] kept = parameters.clone();
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] += step * v[p];
        }
        run.trainer.computeGradient(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores);
        System.arraycopy(kept, 0, parameters, 0, kept.length);
        return Arrays.copyOf(run.trainer.gradient(), kept.length);
    }

    @Test
    void shouldLearnWithoutTangentPassesAndRefuseTheCurvature() {
        TrainingRun run = run(gated(new PlainGate(4)));
        run.steps(3);
        assertThatThrownBy(() ->
                        run.trainer.curvature(run.inputs, run.targets, run.weights, run.rows, run.losses, run.scores))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("the curvature is not known: layer 1, plain_gate4, has no tangent passes."
                        + " Train without asking for it");
        run.steps(3);
    }
}
