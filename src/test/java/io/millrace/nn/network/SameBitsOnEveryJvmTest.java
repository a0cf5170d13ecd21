package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits do not depend on how the JVM computes: vector width, kernels, interpreter, compilers, release. */
class SameBitsOnEveryJvmTest {
    private static final Path THIS_JAVA = Path.of(System.getProperty("java.home"));

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
        assertThat(run(THIS_JAVA, options.split(" "))).endsWith(PinnedRun.BITS);
    }

    @ParameterizedTest
    @Tag("crash") // they take a quarter of a minute each
    @ValueSource(strings = {"-Dmillrace.kernels=scalar -Xint", "-XX:TieredStopAtLevel=1"})
    void shouldTrainToThePinnedBitsUncompiledAndLittleCompiled(String options) throws Exception {
        shouldTrainToThePinnedBitsWith(options);
    }

    /** Every other Java that is installed beside this one; where there is none, this one again. */
    static Stream<Path> otherJavas() throws IOException {
        try (Stream<Path> siblings = Files.list(THIS_JAVA.toRealPath().getParent())) {
            List<Path> others = siblings.filter(java -> Files.isExecutable(java.resolve("bin/java")))
                    .filter(java -> !Files.isSymbolicLink(java) && !java.equals(THIS_JAVA))
                    .sorted()
                    .toList();
            if (others.isEmpty()) {
                System.out.println("SameBitsOnEveryJvmTest: no other Java beside " + THIS_JAVA.getFileName());
            }
            return (others.isEmpty() ? List.of(THIS_JAVA) : others).stream();
        }
    }

    @ParameterizedTest
    @MethodSource("otherJavas")
    void shouldTrainToThePinnedBitsOn(Path java) throws Exception {
        assertThat(run(java)).endsWith(PinnedRun.BITS);
    }

    private static String run(Path java, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), "-XX:+UseSerialGC"));
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PinnedRun.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
