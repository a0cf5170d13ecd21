package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.OtherJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits do not depend on how the JVM computes: vector width, kernels, interpreter, compilers, release. */
class SameBitsOnEveryJvmTest {
    @Test
    void shouldTrainToThePinnedBitsHere() {
        assertThat(PinnedRun.bits()).isEqualTo(PinnedRun.BITS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:MaxVectorSize=16",
                "-XX:MaxVectorSize=32",
                "-XX:MaxVectorSize=64",
                "-Dmillrace.kernels=scalar",
                "-XX:-TieredCompilation"
            })
    void shouldTrainToThePinnedBitsWith(String options) throws Exception {
        assertThat(OtherJvm.run(OtherJvm.THIS_JAVA, PinnedRun.class, options.split(" ")))
                .endsWith(PinnedRun.BITS);
    }

    @ParameterizedTest
    @Tag("crash") // they take a quarter of a minute each
    @ValueSource(strings = {"-Dmillrace.kernels=scalar -Xint", "-XX:TieredStopAtLevel=1"})
    void shouldTrainToThePinnedBitsUncompiledAndLittleCompiled(String options) throws Exception {
        shouldTrainToThePinnedBitsWith(options);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.OtherJvm#otherJavas")
    void shouldTrainToThePinnedBitsOn(Path java) throws Exception {
        assertThat(OtherJvm.run(java, PinnedRun.class)).endsWith(PinnedRun.BITS);
    }
}
