package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.config.MillraceConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/tutorial.md, as they stand there and in their order, except for ports and folders. */
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
class TutorialTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @TempDir
    Path directory;

    private final int brokerPort = freePort();
    private final int registryPort = freePort();

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("docs/tutorial.md")))
                .results()
                .map(block -> block.group(1).strip())
                .toList();
    }

    /** The words of a command behind {@code bin/millrace}. */
    private String[] arguments(String command) {
        List<String> words = new ArrayList<>();
        WORD.matcher(command)
                .results()
                .forEach(word -> words.add(
                        word.group(1) != null
                                ? word.group(1)
                                : word.group(2)
                                        .replaceFirst("(?<=^|:)9092$", String.valueOf(brokerPort))
                                        .replaceFirst("(?<=^|:)8081$", String.valueOf(registryPort))
                                        .replaceFirst("^(?=orders\\.csv$|millrace\\.properties$)", directory + "/")));
        assertThat(words.remove(0)).isEqualTo("bin/millrace");
        if (words.contains("init")) { // the page writes into the working directory
            words.addAll(
                    List.of("--output", directory.resolve("millrace.properties").toString()));
        }
        return words.toArray(String[]::new);
    }

    private Invocation run(String command) {
        Invocation done = Invocation.of(arguments(command));
        assertThat(done.exitCode()).as(command + "\n" + done.out() + done.err()).isZero();
        return done;
    }

    @Test
    void everyCommandOfThePageShouldBeOneWithItsOptions() throws IOException {
        List<String> commands =
                blocks().stream().filter(block -> block.startsWith("bin/")).toList();
        assertThat(commands).hasSize(7);
        for (String command : commands) {
            assertThatCode(() -> Millrace.commandLine().parseArgs(arguments(command)))
                    .as(command)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    @Timeout(180)
    void everyCommandOfThePageShouldDoWhatItSays() throws Exception {
        List<String> blocks = new ArrayList<>(blocks());
        assertThat(new ProcessBuilder("sh", "-c", blocks.remove(0))
                        .directory(directory.toFile())
                        .start()
                        .waitFor())
                .isZero();
        List<Invocation> ended = new ArrayList<>();
        String[] demo = arguments(blocks.remove(0));
        Thread keeping = new Thread(() -> ended.add(Invocation.of(demo)), "tutorial-demo");
        keeping.start();
        try {
            Invocation init;
            String command = blocks.remove(0);
            do {
                Files.deleteIfExists(
                        directory.resolve("millrace.properties")); // of a topic that was still being filled
                init = Invocation.of(arguments(command));
            } while (!init.out().contains("the newest 6000 records") && keeping.isAlive());
            assertThat(init.out())
                    .as(ended.toString() + init)
                    .contains("of 6 partitions, Avro", "customer: category", "plan: oneof(free|pro)")
                    .contains("Of the records, 6000 can be learned");
            learnAndAsk(blocks);
        } finally {
            keeping.interrupt();
            keeping.join();
        }
    }

    private void learnAndAsk(List<String> blocks) throws Exception {
        Map<String, String> settings =
                new LinkedHashMap<>(MillraceConfig.read(directory.resolve("millrace.properties"), Map.of()));
        settings.put("state.dir", directory.resolve("state").toString());
        assertThat(arguments(blocks.remove(0))).contains("run", "--config");
        try (ChildApplication child = ChildApplication.run(directory, settings, "run")) {
            String snapshot = blocks.remove(0);
            Cluster.await(
                    "6000 examples to be learned\n" + child.output(),
                    () -> Invocation.of(arguments(snapshot)).out().contains("6000 examples learned"));
            assertThat(run(snapshot).out()).containsPattern("prequential  accuracy 0\\.[89]");
            assertThat(run(blocks.remove(0)).out()).contains("1,OK,yes,");
            assertThat(run(blocks.remove(0)).out()).contains("Sent 1 examples to orders.");
            Cluster.await(
                    "the next example",
                    () -> Invocation.of(arguments(snapshot)).out().contains("6001 examples learned"));
            assertThat(run(blocks.remove(0)).out()).contains("6001");
        }
        assertThat(blocks).isEmpty();
    }
}
