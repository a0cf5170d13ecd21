package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands in JVMs that speak Turkish and Thai, and have no UTF-8: they do, and print, the same. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class LocaleTest {
    /** Capitals and the decimal comma of the one, digits and the calendar of the other are not those of English. */
    private static final Map<String, List<String>> LOCALES = Map.of(
            "tr", List.of("-Duser.language=tr", "-Duser.country=TR"),
            "th", List.of("-Duser.language=th", "-Duser.country=TH", "-Duser.variant=TH"));

    private static final List<String> NO_UTF8 =
            List.of("-Dfile.encoding=US-ASCII", "-Dstdout.encoding=US-ASCII", "-Dstderr.encoding=US-ASCII");

    /** Several JVMs start at once: no member is to be given up meanwhile. */
    private static final String[] PATIENT = {
        "batch.size", "10",
        "main.consumer.session.timeout.ms", "20000",
        "main.consumer.heartbeat.interval.ms", "1000",
        "producer.transaction.timeout.ms", "20000"
    };

    @TempDir
    Path directory;

    @Test
    void demoShouldLearnAndSayTheSame() throws Exception {
        StringBuilder rows = new StringBuilder("a,b,gr\u00f6\u00dfe\n");
        for (int i = 0; i < 200; i++) {
            rows.append(i % 7).append(',').append(i % 11).append(i % 7 > 3 ? ",fr\u00fch\n" : ",sp\u00e4t\n");
        }
        Path csv = Files.writeString(directory.resolve("rows.csv"), rows);
        Map<String, Process> demos = new TreeMap<>();
        for (String name : LOCALES.keySet()) {
            demos.put(name, demo(name, csv));
        }
        Set<String> outcomes = new HashSet<>();
        for (String name : demos.keySet()) {
            assertThat(demos.get(name).waitFor(120, TimeUnit.SECONDS)).as(name).isTrue();
            String output = Files.readString(directory.resolve(name + ".log"));
            assertThat(demos.get(name).exitValue()).as(output).isZero();
            assertThat(output).contains("Examples learned          200 of 200");
            assertThat(output).contains("rows.csv, 200 examples with 2 features");
            assertThat(output.lines().filter(line -> line.startsWith("Time")))
                    .allMatch(line -> line.matches("\\p{ASCII}+"));
            JsonNode report = new ObjectMapper()
                    .readTree(directory.resolve(name + ".json").toFile());
            outcomes.add(report.get("weightsSha256") + " " + report.get("logLoss") + " "
                    + part(output, "Prequential log-loss .*"));
        }
        assertThat(outcomes).hasSize(1);
    }

    private Process demo(String name, Path csv) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(LOCALES.get(name));
        command.addAll(NO_UTF8);
        command.addAll(List.of("io.millrace.cli.Millrace", "demo", "--csv=" + csv, "--requests=0"));
        command.add("--report=" + directory.resolve(name + ".json"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
    }

    @Test
    @Tag("crash") // demo runs the same in a JVM each; this adds settings in a file
    void runShouldLearnTheSame(Cluster cluster) throws Exception {
        List<ChildApplication> children = new ArrayList<>();
        Set<String> weights = new HashSet<>();
        try {
            for (String name : LOCALES.keySet()) {
                Map<String, String> settings = cluster.settings(name, PATIENT);
                MillraceConfig config = MillraceConfig.of(settings);
                try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                    new ClusterCheck(config).prepare(serdes);
                    cluster.sendExamples(config, serdes, 0, 100);
                }
                List<String> options = new ArrayList<>(LOCALES.get(name));
                options.addAll(NO_UTF8);
                children.add(ChildApplication.run(directory, settings, Map.of(), options, "run", "--role=train"));
            }
            children.forEach(child -> child.awaitOutput("REBALANCING -> RUNNING"));
            for (ChildApplication child : children) {
                String name = new ArrayList<>(LOCALES.keySet()).get(children.indexOf(child));
                String config =
                        directory.resolve("state-" + name + ".properties").toString();
                Cluster.await(
                        "all to be learned under " + name + "\n" + child.output(),
                        () -> Invocation.of("snapshot", "--config", config)
                                .out()
                                .contains("100 examples learned"));
                weights.add(part(Invocation.of("snapshot", "--config", config).out(), "sha256 .*"));
            }
        } finally {
            children.forEach(ChildApplication::close);
        }
        assertThat(weights).hasSize(1);
    }

    private static String part(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group();
    }
}
