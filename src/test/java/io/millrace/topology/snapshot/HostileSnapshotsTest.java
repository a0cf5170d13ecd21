package io.millrace.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.Configuration;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.fuzz.Hostile;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.ReplicaMean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

/**
 * Snapshots of strangers: taken, or refused with one of the exceptions that {@code SnapshotReceiver} passes over, and a sentence. One
 * that is taken answers a request or refuses it.
 */
class HostileSnapshotsTest {
    private static final int HEADER = 5;
    // first, since it lets records be built
    private static final Serde<ModelSnapshot> SERDE =
            new AvroSerdes(Map.of("schema.registry.url", "mock://hostile-snapshots")).valueSerde(ModelSnapshot.class);
    private static final String DECLARED = "amount?: number, plan: oneof(a|b), tags: set(9,2)";
    private static final List<ModelSnapshot> VALID = Stream.of(
                    TestConfigs.with(),
                    TestConfigs.with("model.hidden", "8,8", "batch.norm", "true", "dropout.hidden", "0.2"),
                    TestConfigs.with("model.hidden", "8,8,8", "model.residual", "3<-1", "model.share", "3<-2"),
                    TestConfigs.with("model.task", "regression", "model.classes", "", "model.targets", "2"),
                    TestConfigs.with("model.loss", "sigmoid_cross_entropy", "model.concatenate", "output<-1&input"),
                    TestConfigs.declared("features", DECLARED, "label", "y"),
                    TestConfigs.ensemble(),
                    TestConfigs.ensemble("features", DECLARED, "label", "y"))
            .map(HostileSnapshotsTest::published)
            .toList();
    private static final List<byte[]> RECORDS = VALID.stream()
            .map(chunk -> SERDE.serializer().serialize("t", chunk))
            .toList();

    /** What {@code SnapshotReceiver} catches. */
    private static boolean promised(Throwable e) {
        return e instanceof BadInputException
                || e instanceof IllegalStateException
                || e instanceof IllegalArgumentException
                || e instanceof SerializationException;
    }

    private static final Hostile HOSTILE = new Hostile(HostileSnapshotsTest::promised, 512 << 10, 256);

    private static ModelSnapshot published(MillraceConfig config) {
        LearnerSpec spec = config.learner();
        Learner learner = ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
        ModelSnapshot chunk = new Snapshots("model", 0)
                .chunks(learner.model(), learner.score())
                .get(0);
        chunk.put("configurations", List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)));
        return chunk;
    }

    /** Bytes are damaged; checksums are what they were. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedRecords(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> Hostile.mutated(random, random(random, RECORDS), HEADER),
                bytes -> serve(SERDE.deserializer().deserialize("t", bytes)));
    }

    /** Records that are right as records and as far as checksums go, and say what makes no sense. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void shouldSurviveSnapshotsThatMakeNoSense(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> SERDE.serializer().serialize("t", absurd(random)),
                bytes -> serve(SERDE.deserializer().deserialize("t", bytes)));
    }

    @Example
    void shouldServeWhatIsRight() {
        assertThat(VALID).allMatch(HostileSnapshotsTest::serve);
    }

    /** Whether the snapshot answers. */
    private static boolean serve(ModelSnapshot chunk) {
        LiveModel live = new LiveModel("model");
        live.add(chunk, 0);
        ReplicaMean replicas = new ReplicaMean(live.replicas());
        if (replicas.isEmpty()) {
            return false;
        }
        float[] scores = replicas.answer(row(live.replicas().predictors().get(0).model()), 0);
        if (scores.length == 0) {
            throw new AssertionError("no score");
        }
        return true;
    }

    private static InputRow row(Model model) {
        if (model.declaration() == null) {
            return InputRow.of(new float[model.inputs()]);
        }
        InputLayout layout = model.declaration().features().layout();
        InputRow row = new InputRow(layout);
        row.clear();
        for (int t = 0; t < layout.tables().size(); t++) {
            row.endOfTable(t);
        }
        return row;
    }

    private static ModelSnapshot absurd(SplittableRandom random) {
        ModelSnapshot chunk = SERDE.deserializer().deserialize("t", random(random, RECORDS));
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            change(random, chunk);
        }
        if (random.nextInt(4) > 0) {
            float[] parameters = FloatVector.arrayOf(chunk.getParameters());
            chunk.put("crc32c", ParameterDigest.crc32c(parameters));
            chunk.put("sha256", ParameterDigest.sha256(parameters));
        }
        return chunk;
    }

    private static void change(SplittableRandom random, ModelSnapshot chunk) {
        List<LayerSpec> layers = chunk.getSpec().getLayers();
        if (layers.isEmpty() || random.nextBoolean()) {
            changeAnywhere(random, chunk);
        } else {
            changeWord(random, chunk.getSpec(), random(random, layers));
        }
    }

    /** Other numbers, names and lengths of lists. */
    private static void changeAnywhere(SplittableRandom random, IndexedRecord record) {
        int field = random.nextInt(record.getSchema().getFields().size());
        record.put(field, other(random, record.get(field)));
    }

    private static Object other(SplittableRandom random, Object value) {
        if (value instanceof IndexedRecord record) {
            changeAnywhere(random, record);
        } else if (value instanceof FloatVector) {
            return new FloatVector(new float[random.nextInt(400)]);
        } else if (value instanceof List<?> list) {
            return other(random, new ArrayList<Object>(list));
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> other = new TreeMap<>(map);
            other.replaceAll((key, old) -> random.nextInt(other.size()) == 0 ? other(random, old) : old);
            return other;
        } else if (value instanceof String) {
            return name(random);
        } else if (value instanceof Integer) {
            return (int) Hostile.absurd(random);
        } else if (value instanceof Long) {
            return Hostile.absurd(random);
        } else if (value instanceof Float) {
            return (float) number(random);
        } else if (value instanceof Double) {
            return number(random);
        }
        return value;
    }

    private static List<Object> other(SplittableRandom random, List<Object> list) {
        if (list.isEmpty()) {
            return list;
        }
        int at = random.nextInt(list.size());
        switch (random.nextInt(4)) {
            case 0 -> list.addAll(list.subList(at, list.size()));
            case 1 -> list.subList(at, list.size()).clear();
            default -> list.set(at, other(random, list.get(at)));
        }
        return list;
    }

    private static <T> T random(SplittableRandom random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static double number(SplittableRandom random) {
        return random(random, List.of(Double.NaN, -1.0, 0.0, 1e300, Double.POSITIVE_INFINITY));
    }

    private static String name(SplittableRandom random) {
        return random(random, List.of("input", "output", "0", "1", "2", "3", "-1", "99999999999", "", "\u0000"));
    }

    /** Words of the format in the wrong place. */
    private static void changeWord(SplittableRandom random, ModelSpec spec, LayerSpec layer) {
        switch (random.nextInt(8)) {
            case 0 -> layer.put("activation", "leaky_relu");
            case 1 -> layer.put("batchNorm", new BatchNormSpec(number(random), number(random), true));
            case 2 -> layer.put("inputs", Collections.nCopies(random.nextInt(1, 4), name(random)));
            case 3 -> layer.put("residuals", Collections.nCopies(random.nextInt(1, 4), name(random)));
            case 4 -> layer.put("shared", name(random));
            case 5 -> spec.put("classes", Collections.nCopies(random.nextInt(6), name(random)));
            case 6 -> spec.put("task", random(random, List.of("classification", "multilabel", "regression")));
            default ->
                spec.put("loss", random(random, List.of("half_mse", "sigmoid_cross_entropy", "softmax_cross_entropy")));
        }
    }
}
