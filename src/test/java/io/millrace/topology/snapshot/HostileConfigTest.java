package io.millrace.topology.snapshot;

import io.millrace.config.InvalidConfigException;
import io.millrace.config.MillraceConfig;
import io.millrace.fuzz.Hostile;
import io.millrace.topology.TestConfigs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Configurations of strangers: accepted, or refused with an {@link InvalidConfigException} that names the problem. */
class HostileConfigTest {
    private static final Hostile HOSTILE = new Hostile(InvalidConfigException.class::isInstance, 8 << 20, 20_000);
    private static final byte[] REFERENCE = reference();
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "-1",
            "0",
            "1",
            "9999999",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "1e308",
            "1e-320",
            "NaN",
            "Infinity",
            "-Infinity",
            "true",
            "a,b",
            ",",
            "a,,b",
            "a,a",
            "1,1,1",
            "9999999,9999999",
            "1<-input",
            "2<-1",
            "output<-1&input",
            "1<-1",
            "9<-8",
            "\u0000",
            "${env:HOME}",
            "${",
            "x".repeat(10_000),
            "1;2",
            "adam",
            "relu",
            "regression",
            "multilabel",
            "half_mse",
            "\ud800",
            "\u00e9");

    /** The reference file with its commented defaults made settings. */
    private static byte[] reference() {
        try {
            return Files.readString(Path.of("topology/millrace.properties"))
                    .replaceAll("(?m)^#([a-z.]+=)", "$1")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> keys() {
        return new String(REFERENCE, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches("[a-z.]+=.*"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
    }

    private static Path file;

    private static void load(byte[] content) throws IOException {
        if (file == null) {
            file = Files.createTempFile("hostile", ".properties");
            file.toFile().deleteOnExit();
        }
        Files.write(file, content);
        MillraceConfig.load(file, Map.of()).learner();
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void shouldSurviveNoise(@ForAll long seed) {
        HOSTILE.feed(seed, Hostile::noise, HostileConfigTest::load);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamage(@ForAll long seed) {
        HOSTILE.feed(seed, random -> Hostile.mutated(random, REFERENCE, 0), HostileConfigTest::load);
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF)
    void shouldSurviveValuesThatMakeNoSense(@ForAll long seed) {
        List<String> keys = keys();
        HOSTILE.feed(
                seed,
                random -> settings(random, keys),
                bytes -> MillraceConfig.of(read(bytes)).learner());
    }

    private static byte[] settings(SplittableRandom random, List<String> keys) {
        Map<String, String> settings = new LinkedHashMap<>(TestConfigs.settings());
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            settings.put(
                    keys.get(random.nextInt(keys.size())),
                    random.nextInt(4) == 0
                            ? String.valueOf(Hostile.absurd(random))
                            : VALUES.get(random.nextInt(VALUES.size())));
        }
        List<String> lines = new ArrayList<>();
        settings.forEach((key, value) -> lines.add(key + "=" + value));
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> read(byte[] settings) {
        Map<String, String> read = new LinkedHashMap<>();
        for (String line : new String(settings, StandardCharsets.UTF_8).split("\n")) {
            read.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return read;
    }
}
