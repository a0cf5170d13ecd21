package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
        for (Path command : List.of(launcher, relative, absolute)) {
            Invocation launched = launch(command);
            assertThat(launched.exitCode()).as(launched.err()).isZero();
            assertThat(launched.out().lines())
                    .contains(launcher.toRealPath().getParent().resolveSibling("lib") + "/*")
                    .contains("--add-modules=jdk.incubator.vector")
                    .endsWith("io.millrace.cli.Millrace", "demo", "--dir", "a b");
        }
    }

    @Test
    void shouldDoWithoutTheVectorModule() throws Exception {
        java(modern("17", ""));
        Invocation launched = launch(launcher);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        assertThat(launched.out()).doesNotContain("--add-modules");
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
