package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final int ROWS = 17;
    private static final int COLUMNS = 80;
    private static final int DEPTH = 30;

    private static Kernels slow() {
        Kernels plain = new ScalarKernels();
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    Thread.sleep(1);
                    try {
                        return method.invoke(plain, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static float[] product(Kernels kernels) {
        float[] a = new float[ROWS * DEPTH];
        float[] b = new float[DEPTH * COLUMNS];
        float[] c = new float[ROWS * COLUMNS];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) Math.sin(i);
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) Math.cos(i);
        }
        kernels.gemm(ROWS, COLUMNS, DEPTH, a, 0, DEPTH, 1, b, 0, COLUMNS, c, 0, COLUMNS);
        return c;
    }

    @Test
    void shouldTakeTheVectorKernelsWhenTheyAreCompiledAndKeepTheBits() {
        Kernels vector = KernelsProvider.kernels();
        WarmUp warmUp = new WarmUp(vector.newInstance(), System::nanoTime, 20_000);
        Kernels warming = new WarmingKernels(vector.newInstance(), warmUp);
        assertThat(warmUp.isDone()).isFalse();
        float[] before = product(warming);
        warmUp.run();
        // where there are no vectors both twins are plain, and neither wins for long
        assertThat(warmUp.isDone() || vector.lanes() == 1).isTrue();
        assertThat(Arrays.equals(product(warming), before)).isTrue();
        assertThat(Arrays.equals(product(new ScalarKernels()), before)).isTrue();
    }

    @Test
    void shouldStayWithPlainJavaWhereTheVectorKernelsRemainSlow() {
        WarmUp warmUp = new WarmUp(slow(), System::nanoTime, 8);
        warmUp.run();
        assertThat(warmUp.isDone()).isFalse();
    }
}
