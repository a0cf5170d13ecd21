package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.OtherJvm;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ensemble computes: known bits, and no garbage. */
class EnsembleBitsTest {
    @Test
    void shouldTrainToThePinnedBitsHere() {
        assertThat(PinnedEnsemble.bits()).isEqualTo(PinnedEnsemble.BITS);
    }

    @Test
    void shouldTrainToThePinnedBitsWithPlainJava() throws Exception {
        String output = OtherJvm.run(OtherJvm.THIS_JAVA, PinnedEnsemble.class, "-Dmillrace.kernels=scalar");

        assertThat(output).contains("plain Java").endsWith(PinnedEnsemble.BITS);
    }

    /**
     * Lanes, instructions and compilers; what the processor lacks, the JVM leaves out. Below AVX 2 there is no fused multiply-add: Java computes it
     * with {@code BigDecimal}, and this would take many minutes.
     */
    @ParameterizedTest
    @Tag("quality")
    @ValueSource(
            strings = {
                "-XX:MaxVectorSize=16",
                "-XX:MaxVectorSize=32",
                "-XX:MaxVectorSize=64",
                "-XX:UseAVX=2",
                "-XX:UseAVX=3",
                "-XX:-TieredCompilation",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.kernels=scalar -Xint"
            })
    void shouldTrainToThePinnedBitsWith(String options) throws Exception {
        assertThat(OtherJvm.run(OtherJvm.THIS_JAVA, PinnedEnsemble.class, options.split(" ")))
                .endsWith(PinnedEnsemble.BITS);
    }

    @ParameterizedTest
    @Tag("quality")
    @MethodSource("io.millrace.OtherJvm#otherJavas")
    void shouldTrainToThePinnedBitsOn(Path java) throws Exception {
        assertThat(OtherJvm.run(java, PinnedEnsemble.class)).endsWith(PinnedEnsemble.BITS);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("allocation")
    void shouldAllocateNothingForAnExampleBetweenReports(Task task) {
        LearnerSpec spec = Specs.of(task).reports(Integer.MAX_VALUE).build();
        List<Example> stream = Example.stream(spec, 200, 1);
        EnsembleLearner learner = Streams.trained(spec, stream);

        assertThat(settledBytes(() -> Streams.learn(learner, stream))).isZero();
    }
}
