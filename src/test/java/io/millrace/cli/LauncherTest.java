package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.OtherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/millrace} in a distribution, with a Java that tells what it was given. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    Path directory;

    private Path launcher;

    @BeforeEach
    void distribution() throws IOException {
        Path home = Files.createDirectories(directory.resolve("opt/mill race"));
        Files.createDirectory(home.resolve("lib"));
        launcher = Files.createDirectory(home.resolve("bin")).resolve("millrace");
        Files.copy(Path.of("bin/millrace"), launcher);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path java(String... script) throws IOException {
        Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + String.join("\n", script) + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return java;
    }

    private Invocation launch(Path command) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command.toString(), "demo", "--dir", "a b")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
        int exitCode = builder.start().waitFor();
        return new Invocation(exitCode, Files.readString(out), Files.readString(err));
    }

    private static String modern(String version, String modules) {
        return "if [ \"$1\" = --list-modules ]; then printf 'java.base@" + version + "\\n" + modules
                + "'; else for word; do echo \"$word\"; done; fi";
    }

    @Test
    void shouldFindItsHomeThroughLinks() throws Exception {
        java(modern("21.0.2", "jdk.incubator.vector@21.0.2\\n"));
        Path relative = Files.createSymbolicLink(
                Files.createDirectory(directory.resolve("bin")).resolve("mill"),
                Path.of("../opt/mill race/bin/millrace"));
        Path absolute = Files.createSymbolicLink(directory.resolve("millrace"), relative.toAbsolutePath());
        Path folder = Files.createSymbolicLink(directory.resolve("linked"), launcher.getParent())
                .resolve("millrace");
        for (Path command : List.of(launcher, relative, absolute, folder)) {
            Invocation launched = launch(command);
            assertThat(launched.exitCode()).as(launched.err()).isZero();
            assertThat(launched.out().lines())
                    .contains(launcher.toRealPath().getParent().resolveSibling("lib") + "/*")
                    .contains("--add-exports=java.base/jdk.internal.module=ALL-UNNAMED")
                    .endsWith("io.millrace.cli.Millrace", "demo", "--dir", "a b");
        }
    }

    @Test
    void shouldPutBothFoldersOnTheClassPathWhenTheyAreThere() throws Exception {
        java(modern("21", ""));
        Path lib = launcher.toRealPath().getParent().resolveSibling("lib");
        assertThat(launch(launcher).out().lines()).contains(lib + "/*");
        Path local = Files.createDirectory(lib.resolveSibling("local"));
        assertThat(launch(launcher).out().lines()).contains(lib + "/*:" + local + "/*");
    }

    @Test
    void shouldBuildACheckoutWhenTheBuildIsMissingOrOlderThanTheSources() throws Exception {
        java(modern("21", ""));
        Path checkout = launcher.getParent().getParent();
        Files.delete(checkout.resolve("lib"));
        Files.writeString(checkout.resolve("mvnw"), "#!/bin/sh\nmkdir -p target/millrace/lib\n");
        Files.setPosixFilePermissions(checkout.resolve("mvnw"), PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Path> sources = Stream.of(
                        "pom.xml", "schemas/A.avsc", "src/main/java/A.java", "src/assembly/distribution.xml")
                .map(checkout::resolve)
                .toList();
        for (Path source : sources) {
            Files.createDirectories(source.getParent());
            Files.createFile(source);
        }

        assertThat(builds()).isTrue();
        assertThat(builds()).isFalse();
        for (Path source : sources) {
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
            assertThat(builds()).as("%s", source).isTrue();
            Files.setLastModifiedTime(source, FileTime.fromMillis(0));
            assertThat(builds()).isFalse();
        }
        Path lib = checkout.resolve("target/millrace/lib");
        Files.delete(lib); // a build was stopped while it made the distribution anew
        assertThat(builds()).isTrue();
        assertThat(lib).exists();
    }

    private boolean builds() throws IOException, InterruptedException {
        Invocation launched = launch(launcher);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        return launched.err().contains("building");
    }

    /** Two streams, since {@code watch --terminal} draws on one and the progress bar on the other. */
    @Test
    void shouldTellJavaThatThereIsNoTerminal() throws Exception {
        java(modern("17", ""));
        assertThat(launch(launcher).out()).contains("-Dmillrace.terminal=false", "-Dmillrace.screen=false");
    }

    @Test
    void shouldDoWithoutTheVectorModule() throws Exception {
        java(modern("17", ""));
        Invocation launched = launch(launcher);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        assertThat(launched.out()).doesNotContain("--add-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LANG=C", "LC_ALL=xx_XX.UTF-8", "LANG=POSIX LC_CTYPE=C", "PATH=/nowhere"})
    void shouldGiveJavaALocaleWithUtf8(String environment) throws Exception {
        java("if [ \"$1\" = --list-modules ]; then echo java.base@17; else echo \"LC_ALL=$LC_ALL\"; fi");
        boolean bare = environment.startsWith("PATH");
        Path script = script(
                "unset LANG LC_ALL LC_CTYPE LANGUAGE",
                bare ? tools() : environment.isEmpty() ? "" : "export " + environment,
                "exec '" + launcher + "' demo");
        Invocation launched = launch(script);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        assertThat(launched.out().strip()).matches("LC_ALL=(C|en_US)\\.UTF-8");
        assertThat(launched.err()).isEmpty();
    }

    /** What the launcher needs besides a shell, and no {@code locale}. */
    private String tools() throws IOException {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : List.of("sed", "dirname")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool));
                }
            }
        }
        return "export PATH='" + tools + "'";
    }

    /** A real Java with the classes of this test. The broker is out of reach, so the command ends when the kernels are chosen. */
    @ParameterizedTest
    @MethodSource("javas")
    void shouldComputeWithVectorsWithoutAWarningOfJava(Path real) throws Exception {
        java(
                "if [ \"$1\" = --list-modules ]; then exec '" + real + "' --list-modules; fi",
                "for word; do",
                "  shift",
                "  if [ \"${before:-}\" = -cp ]; then word='" + System.getProperty("java.class.path") + "'; fi",
                "  before=$word",
                "  set -- \"$@\" \"$word\"",
                "done",
                "exec '" + real + "' \"$@\"");
        Path script = script("exec '" + launcher + "' run --config '"
                + Path.of("topology/millrace.properties").toAbsolutePath()
                + "' --set schema.registry.url=http://127.0.0.1:1");
        Invocation run = launch(script);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("Kernels: Vector API").doesNotContainIgnoringCase("incubator");
    }

    static Stream<Path> javas() throws IOException {
        return Stream.concat(Stream.of(OtherJvm.THIS_JAVA), OtherJvm.otherJavas())
                .distinct()
                .map(java -> java.resolve("bin/java"));
    }

    @Test
    void shouldLeaveALocaleThatHasUtf8() throws Exception {
        java(
                "if [ \"$1\" = --list-modules ]; then echo java.base@17; else echo \"LANG=$LANG LC_ALL=${LC_ALL-none}\"; fi");
        Path script = script("unset LC_ALL LC_CTYPE", "export LANG=C.UTF-8", "exec '" + launcher + "' demo");
        Assumptions.assumeThat(
                        launch(script("LC_ALL=C.UTF-8 locale charmap")).out().strip())
                .isEqualTo("UTF-8");
        assertThat(launch(script).out().strip()).isEqualTo("LANG=C.UTF-8 LC_ALL=none");
    }

    /** With the Java that runs this test, and its classes. */
    @Test
    void shouldReadAndWriteUtf8WithoutALocale() throws Exception {
        java(
                "if [ \"$1\" = --list-modules ]; then echo java.base@17; exit; fi",
                "while [ \"$1\" != -cp ]; do shift; done",
                "shift 2",
                "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -Xshare:auto -cp '"
                        + System.getProperty("java.class.path") + "' \"$@\"");
        Path script = script(
                "unset LANG LC_ALL LC_CTYPE",
                "cd '" + directory + "'",
                "printf 'temp,gr\u00f6\u00dfe\\n1,fr\u00fch\\n2,fr\u00fch\\n' > gr\u00f6\u00dfen.csv",
                "'" + launcher + "' demo --csv gr\u00f6\u00dfen.csv --label gr\u00f6\u00dfe || true",
                "exec '" + launcher + "' demo --csv gr\u00f6\u00dfen.csv --label h\u00f6he");
        Invocation launched = launch(script);
        assertThat(launched.exitCode()).isEqualTo(2);
        assertThat(launched.err().lines())
                .containsExactly(
                        "millrace: The label of gr\u00f6\u00dfen.csv has 1 value(s); a classification needs two. Is it the"
                                + " right column (--label)?",
                        "millrace: gr\u00f6\u00dfen.csv has no column \"h\u00f6he\"; it has temp, gr\u00f6\u00dfe.");
    }

    private Path script(String... lines) throws IOException {
        Path script = Files.createTempFile(directory, "script", ".sh");
        Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    @Test
    void shouldSayInALineThatJavaIsTooOld() throws Exception {
        String version = "[ \"$1\" = -version ] && echo 'openjdk version \"11.0.1\"' >&2";
        Path eleven = java("[ \"$1\" = --list-modules ] && echo java.base@11.0.1", version);
        assertRefused(launch(launcher), eleven);
        Path eight = java("[ \"$1\" = --list-modules ] && exit 1", version);
        assertRefused(launch(launcher), eight);
    }

    private static void assertRefused(Invocation launched, Path java) {
        assertThat(launched.exitCode()).isEqualTo(1);
        assertThat(launched.out()).isEmpty();
        assertThat(launched.err())
                .isEqualToIgnoringNewLines("millrace: " + java
                        + " is too old (openjdk version \"11.0.1\"). Install a JDK, 17 or newer, or set JAVA_HOME.");
    }
}
