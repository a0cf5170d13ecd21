package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class KernelsProviderTest {
    @Test
    void shouldChooseVectorsWhereTheModuleIsPresent() {
        KernelsProvider.Selection selection = KernelsProvider.select(null, () -> true);
        assertThat(selection.kernels().name()).isEqualTo("vector");
        assertThat(selection.text()).contains("Vector API", selection.kernels().lanes() + " floats");
    }

    @Test
    void shouldFallBackToPlainJavaAndSayHowToBeFast() {
        KernelsProvider.Selection selection = KernelsProvider.select(null, () -> false);
        assertThat(selection.kernels().name()).isEqualTo("scalar");
        assertThat(selection.text()).contains("--add-modules jdk.incubator.vector");
    }

    @Test
    void shouldTakePlainJavaWhenForced() {
        assertThat(KernelsProvider.select("scalar", () -> true).kernels().name())
                .isEqualTo("scalar");
    }

    @Test
    void shouldRefuseForcedVectorsWithoutTheModule() {
        assertThatIllegalStateException()
                .isThrownBy(KernelsProvider.select("vector", () -> false)::kernels)
                .withMessageContaining("--add-modules jdk.incubator.vector");
    }

    @Test
    void shouldRefuseUnknownKernels() {
        assertThatIllegalStateException()
                .isThrownBy(KernelsProvider.select("gpu", () -> true)::kernels)
                .withMessageContaining("use scalar or vector");
    }
}
