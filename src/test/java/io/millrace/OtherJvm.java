package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of the tests in JVMs of their own. */
public final class OtherJvm {
    public static final Path THIS_JAVA = Path.of(System.getProperty("java.home"));

    private OtherJvm() {}

    /** Every other Java that is installed beside this one; where there is none, this one again. */
    public static Stream<Path> otherJavas() throws IOException {
        try (Stream<Path> siblings = Files.list(THIS_JAVA.toRealPath().getParent())) {
            List<Path> others = siblings.filter(java -> Files.isExecutable(java.resolve("bin/java")))
                    .filter(java -> !Files.isSymbolicLink(java) && !java.equals(THIS_JAVA))
                    .sorted()
                    .toList();
            if (others.isEmpty()) {
                System.out.println("no other Java beside " + THIS_JAVA.getFileName());
            }
            return (others.isEmpty() ? List.of(THIS_JAVA) : others).stream();
        }
    }

    /**
     * Runs a program to its end, with the class path of this JVM.
     *
     * @param java home of the Java
     * @param options of the JVM
     * @return what it has printed, on both streams
     */
    public static String run(Path java, Class<?> program, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.resolve("bin/java").toString(), "-XX:+UseSerialGC"));
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
