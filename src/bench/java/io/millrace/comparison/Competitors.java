package io.millrace.comparison;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who takes part, and how each is started at its best. */
final class Competitors {
    private static final List<Integer> JDKS = List.of(17, 25);
    private static final Path TRAIN_STEP = Path.of("src", "bench", "python", "train_step.py");

    private final Map<Integer, Path> jdks;
    private final Path python;

    /**
     * @param jdks homes by feature release
     * @param python the interpreter that may have PyTorch
     */
    Competitors(Map<Integer, Path> jdks, Path python) {
        this.jdks = jdks;
        this.python = python;
    }

    /** The columns of the table, in order. Libraries with several builds for this processor enter once for each. */
    List<Competitor> all() {
        List<Competitor> all = new ArrayList<>();
        for (int jdk : JDKS) {
            all.add(millrace(jdk, "vector"));
            all.add(millrace(jdk, "scalar"));
        }
        all.add(dl4j("DL4J", ""));
        all.add(dl4j("DL4J AVX-512", "-avx512"));
        all.add(pytorch("PyTorch", Map.of()));
        // Debian's build keeps to AVX2 without being asked
        all.add(pytorch(
                "PyTorch AVX-512",
                // OpenBLAS 0.3.21 does not know Zen 5 and takes its kernels for AVX2 there
                Map.of("ATEN_CPU_CAPABILITY", "avx512", "OPENBLAS_CORETYPE", "SKYLAKEX")));
        return all;
    }

    /** The command that measures the peak. */
    List<String> peak() {
        return java(Path.of(System.getProperty("java.home")), FmaPeak.class);
    }

    private Competitor millrace(int jdk, String kernels) {
        String name = kernels + " " + jdk;
        Path home = jdks.get(jdk);
        if (home == null) {
            return Competitor.absent(name, true, "there is no JDK " + jdk + ": give --jdk " + jdk + "=HOME");
        }
        return new Competitor(
                name, true, true, java(home, MillraceSubject.class, "-Dmillrace.kernels=" + kernels), Map.of());
    }

    private static Competitor dl4j(String name, String extension) {
        List<String> command = java(
                Path.of(System.getProperty("java.home")),
                Dl4jSubject.class,
                "-Dorg.bytedeco.javacpp.platform.extension=" + extension);
        return new Competitor(name, false, false, command, Map.of());
    }

    private Competitor pytorch(String name, Map<String, String> environment) {
        return new Competitor(name, false, true, List.of(python.toString(), TRAIN_STEP.toString()), environment);
    }

    private static List<String> java(Path home, Class<?> main, String... options) {
        List<String> start = List.of(
                home.resolve("bin").resolve("java").toString(),
                "-Xmx4g",
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"));
        return Stream.of(start, List.of(options), List.of(main.getName()))
                .flatMap(List::stream)
                .toList();
    }
}
