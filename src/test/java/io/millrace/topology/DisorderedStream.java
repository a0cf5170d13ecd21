package io.millrace.topology;

import io.millrace.avro.Example;
import io.millrace.config.MillraceConfig;
import io.millrace.records.FloatVector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Records as no producer should send them, by a seed: late ones and ones far ahead, many of one time, the same one again, bad ones, with
 * and without keys; and settings of the learner that meets them.
 */
final class DisorderedStream {
    /**
     * A record of the examples topic.
     *
     * @param key null: none
     * @param example null: none can be read from it
     * @param garbage its bytes then; null: no value
     */
    record Sent(byte[] key, Example example, byte[] garbage, long time) {}

    private static final long START = 1_000_000;

    private final Random random;
    private final MillraceConfig config;
    private final List<Sent> records = new ArrayList<>();
    private long time = START;

    DisorderedStream(long seed, int length) {
        random = new Random(seed);
        config = TestConfigs.with(
                "batch.size", anyOf("1", "3", "8"),
                "batch.window.ms", anyOf("1", "40", "1000", "86400000"),
                "validation.holdout.fraction", anyOf("0", "0.3"),
                "early.stopping.patience", anyOf("0", "3"),
                "model.seed", String.valueOf(random.nextInt(1, 1000)),
                "snapshot.history", "10000");
        while (records.size() < length) {
            records.add(next());
        }
    }

    private String anyOf(String... values) {
        return values[random.nextInt(values.length)];
    }

    MillraceConfig config() {
        return config;
    }

    List<Sent> records() {
        return records;
    }

    private Sent next() {
        if (!records.isEmpty() && random.nextInt(5) == 0) {
            return records.get(random.nextInt(records.size()));
        }
        byte[] key = random.nextInt(3) == 0 ? null : anyOf("a", "b", "").getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(12)) {
            case 0 -> new Sent(key, null, random.nextBoolean() ? null : garbage(), anyTime());
            case 1 -> new Sent(key, badExample(), null, anyTime());
            default -> new Sent(key, example(), null, anyTime());
        };
    }

    private long anyTime() {
        switch (random.nextInt(11)) {
            case 10 -> {
                return random.nextLong(time, 5_000_000_000_000L); // ahead, perhaps by centuries
            }
            case 0 -> {
                return random.nextLong(time + 1); // late, perhaps by all of the stream
            }
            case 1 -> {
                return Math.max(0, time - random.nextInt(50)); // late by a little
            }
            case 2 -> time += random.nextLong(3 * 86_400_000L); // after a gap
            case 3, 4, 5 -> time += random.nextInt(30);
            default -> {
                // at the same time as the one before
            }
        }
        return time;
    }

    private Example example() {
        float x = (float) random.nextGaussian();
        float y = (float) random.nextGaussian();
        return new Example(new FloatVector(new float[] {x, y}), x > y ? 1 : 0, (float) random.nextInt(4));
    }

    private Example badExample() {
        float[] features = anyOf("nan", "wide", "huge").equals("wide") ? new float[3] : new float[] {1, Float.NaN};
        return random.nextBoolean()
                ? new Example(new FloatVector(features), 1, 1f)
                : new Example(new FloatVector(new float[] {1, 2}), anyOf("maybe", "never"), 1f);
    }

    private byte[] garbage() {
        byte[] bytes = new byte[random.nextInt(1, 40)];
        random.nextBytes(bytes);
        bytes[0] = 1; // no magic byte
        return bytes;
    }
}
