package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Allocations;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class SharedKernelsTest {
    private static final int SIZE = 900 * 704;

    // one team for all tests: its threads live as long as the process
    private static final KernelTeam TEAM = new KernelTeam(2, KernelsProvider.kernels());

    private final Kernels one = KernelsProvider.kernels().newInstance();
    private final Kernels shared = new SharedKernels(KernelsProvider.kernels(), TEAM);
    private final float[] a = Floats.awkward(new Random(1), SIZE);
    private final float[] b = Floats.awkward(new Random(2), SIZE);

    /** Forward passes, gradients of weights and of inputs, widths that no tile fills. */
    @ParameterizedTest
    @CsvSource({
        "64, 512, 784, false",
        "784, 512, 64, true",
        "512, 512, 64, true",
        "1024, 80, 512, false",
        "7, 688, 899, false",
        "893, 48, 31, true",
        "25, 1000, 40, false",
        "2, 48, 10, false",
    })
    void shouldMultiplyToTheBitsOfOneThread(int m, int n, int k, boolean transposed) {
        int row = transposed ? 1 : k;
        int column = transposed ? m : 1;
        float[] expected = Floats.awkward(new Random(3), m * n);
        float[] actual = expected.clone();
        one.gemm(m, n, k, a, 3, row, column, b, 5, n, expected, 0, n);
        shared.gemm(m, n, k, a, 3, row, column, b, 5, n, actual, 0, n);
        Floats.assertSameBits("product", actual, expected);
    }

    /** Thousands of calls in a row, with pauses in which the threads fall asleep. */
    @Test
    void shouldComputeEachPartOnce() throws InterruptedException {
        for (int call = 0; call < 20_000; call++) {
            int parts = 1 + call % 13;
            AtomicIntegerArray times = new AtomicIntegerArray(14);
            TEAM.compute((part, kernels) -> times.incrementAndGet(part), parts, one);
            for (int part = 0; part < 14; part++) {
                assertThat(times.get(part)).isEqualTo(part < parts ? 1 : 0);
            }
            if (call % 1000 == 0) {
                Thread.sleep(2);
            }
        }
    }

    @Test
    void shouldServeSeveralCallersAtOnce() {
        List<CompletableFuture<Void>> callers = IntStream.range(0, 3)
                .mapToObj(seed -> CompletableFuture.runAsync(() -> {
                    Kernels own = new SharedKernels(KernelsProvider.kernels(), TEAM);
                    float[] x = Floats.awkward(new Random(seed), 64 * 512);
                    float[] expected = new float[64 * 512];
                    KernelsProvider.kernels()
                            .newInstance()
                            .gemm(64, 512, 512, x, 0, 512, 1, b, 0, 512, expected, 0, 512);
                    for (int i = 0; i < 50; i++) {
                        float[] c = new float[64 * 512];
                        own.gemm(64, 512, 512, x, 0, 512, 1, b, 0, 512, c, 0, 512);
                        Floats.assertSameBits("product", c, expected);
                    }
                }))
                .toList();
        callers.forEach(CompletableFuture::join);
    }

    @Test
    void shouldThrowWhatAPartThrowsAndGoOn() {
        IllegalStateException fault = new IllegalStateException("part 5");
        assertThatThrownBy(() -> TEAM.compute(
                        (part, kernels) -> {
                            if (part == 5) {
                                throw fault;
                            }
                        },
                        8,
                        one))
                .isSameAs(fault);
        shouldMultiplyToTheBitsOfOneThread(64, 512, 784, false);
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothing() {
        float[] c = new float[784 * 512];
        Random random = new Random(1);
        assertThat(Allocations.settledBytes(() -> {
                    for (int i = 0; i < 10; i++) {
                        shared.gemm(784, 512, 64 + random.nextInt(2), a, 0, 1, 784, b, 0, 512, c, 0, 512);
                    }
                }))
                .isZero();
    }
}
