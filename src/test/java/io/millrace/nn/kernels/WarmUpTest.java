package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Time is made here: 100 ns pass at each reading of the clock, and what a call of the vector kernels takes longer is said. */
class WarmUpTest {
    private static final long READING_NS = 100;
    private static final long BARELY_FAST_NS = 40; // 140 is below 1.5 times 100
    private static final long BARELY_SLOW_NS = 60;

    private long nowNs;
    private long vectorCalls;

    private long readClock() {
        nowNs += READING_NS;
        return nowNs;
    }

    /** The vector kernels, or what stands for them on this machine, counted. */
    private Kernels vector(Predicate<String> slow) {
        return vector(slow, calls -> BARELY_SLOW_NS);
    }

    private Kernels vector(Predicate<String> slow, LongUnaryOperator slowNs) {
        Kernels real = KernelsProvider.kernels().newInstance();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("newInstance")) {
                        return proxy;
                    }
                    vectorCalls++;
                    nowNs += slow.test(method.getName()) ? slowNs.applyAsLong(vectorCalls) : BARELY_FAST_NS;
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static float[] product(Kernels kernels) {
        int rows = 17;
        int columns = 80;
        int depth = 30;
        float[] a = new float[rows * depth];
        float[] b = new float[depth * columns];
        float[] c = new float[rows * columns];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) Math.sin(i);
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) Math.cos(i);
        }
        kernels.gemm(rows, columns, depth, a, 0, depth, 1, b, 0, columns, c, 0, columns);
        return c;
    }

    @Test
    void shouldTakeTheVectorKernelsOnceTheyAreFastAndKeepTheBits() {
        Kernels vector = vector(kernel -> false);
        WarmUp warmUp = new WarmUp(vector, this::readClock, 5);
        Kernels warming = new WarmingKernels(vector, warmUp);
        float[] before = product(warming);
        assertThat(vectorCalls).as("before the warm-up").isZero();

        warmUp.run();
        assertThat(warmUp.isDone()).isTrue();

        vectorCalls = 0;
        float[] after = product(warming);
        assertThat(vectorCalls).as("after the warm-up").isOne();
        assertThat(Arrays.equals(after, before)).isTrue();
        assertThat(Arrays.equals(product(new ScalarKernels()), before)).isTrue();
    }

    @Test
    void shouldStayWithPlainJavaInAKernelThatRemainsSlow() {
        for (Kernel slow : Kernel.values()) {
            Kernels vector = vector(
                    method -> Kernel.valueOf(method.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT)) == slow);
            WarmUp warmUp = new WarmUp(vector, this::readClock, 12);
            Kernels warming = new WarmingKernels(vector, warmUp);
            warmUp.run();
            assertThat(warmUp.isDone()).as(slow.name()).isFalse();
            for (Kernel kernel : Kernel.values()) {
                assertThat(warmUp.isWarm(kernel)).as(slow + ", " + kernel).isEqualTo(kernel != slow);
            }
            vectorCalls = 0;
            product(warming);
            assertThat(vectorCalls).as(slow.name()).isEqualTo(slow == Kernel.GEMM ? 0 : 1);
        }
    }

    @Test
    void shouldNotTrustFewerThanFiveFastRoundsInARow() {
        LongUnaryOperator slowEachFifth =
                new LongUnaryOperator() { // two calls in a round, of which the second is judged
                    private int call;

                    @Override
                    public long applyAsLong(long calls) {
                        return ++call % 10 == 0 ? BARELY_SLOW_NS : BARELY_FAST_NS;
                    }
                };
        WarmUp warmUp = new WarmUp(vector("tanh"::equals, slowEachFifth), this::readClock, 12);
        warmUp.run();
        assertThat(warmUp.isDone()).isFalse();
        assertThat(warmUp.isWarm(Kernel.SIGMOID)).isTrue();
    }

    @Test
    void shouldRunTheVectorKernelsInShapesThatTheWorksDoNotHave() {
        Set<List<Object>> shapes = new HashSet<>();
        Kernels vector = vector(kernel -> true);
        Kernels listening = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("gemm")) {
                        shapes.add(List.of(arguments[0], arguments[1], arguments[2]));
                    }
                    return method.invoke(vector, arguments);
                });
        new WarmUp(listening, this::readClock, 50).run();
        assertThat(shapes).hasSizeGreaterThan(50);
    }
}
