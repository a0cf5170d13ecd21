package io.millrace.topology.snapshot;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import io.millrace.feature.InputRow;
import io.millrace.fuzz.Hostile;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.serving.ReplicaMean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
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
    private static final List<ModelSnapshot> VALID = List.of(
            published(),
            published("model.hidden", "8,8", "batch.norm", "true", "dropout.hidden", "0.2"),
            published("model.hidden", "8,8,8", "model.residual", "3<-1", "model.share", "3<-2"),
            published("model.task", "regression", "model.classes", "", "model.targets", "2"),
            published("model.loss", "sigmoid_cross_entropy", "model.concatenate", "output<-1&input"));
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

    private static ModelSnapshot published(String... changes) {
        LearnerSpec spec = TestConfigs.with(changes).learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        return new Snapshots("model", 0)
                .chunks(learner.model(), learner.score())
                .get(0);
    }

    /** Bytes are damaged; checksums are what they were. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedRecords(@ForAll long seed) {
        HOSTILE.feed(
                seed,
                random -> Hostile.mutated(random, RECORDS.get(random.nextInt(RECORDS.size())), HEADER),
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

    private static void serve(ModelSnapshot chunk) {
        LiveModel live = new LiveModel("model");
        live.add(chunk, 0);
        ReplicaMean replicas = new ReplicaMean(live.replicas());
        if (!replicas.isEmpty()) {
            int inputs = live.replicas().predictors().get(0).model().inputs();
            float[] scores = replicas.answer(InputRow.of(new float[inputs]), 0);
            if (scores.length == 0) {
                throw new AssertionError("no score");
            }
        }
    }

    private static ModelSnapshot absurd(SplittableRandom random) {
        ModelSnapshot chunk = SERDE.deserializer().deserialize("t", RECORDS.get(random.nextInt(RECORDS.size())));
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
        int absurd = (int) Hostile.absurd(random);
        ModelSpec spec = chunk.getSpec();
        List<LayerSpec> layers = new ArrayList<>(spec.getLayers());
        if (layers.isEmpty()) {
            return;
        }
        int at = random.nextInt(layers.size());
        LayerSpec layer = layers.get(at);
        String name = List.of("input", "output", "0", "1", "2", "3", "-1", "99999999999", "", "\u0000")
                .get(random.nextInt(10));
        double number = new double[] {Double.NaN, -1, 0, 1e300, Double.POSITIVE_INFINITY}[random.nextInt(5)];
        switch (random.nextInt(20)) {
            case 0 -> chunk.put("chunk", absurd);
            case 1 -> chunk.put("chunks", absurd);
            case 2 -> chunk.put("version", Hostile.absurd(random));
            case 3 -> chunk.put("parameterCount", Hostile.absurd(random));
            case 4 -> chunk.put("parameters", new FloatVector(new float[random.nextInt(400)]));
            case 5 -> chunk.put("partition", absurd);
            case 6 -> layer.put("units", absurd);
            case 7 -> spec.put("inputs", absurd);
            case 8 -> layer.put("activation", random.nextBoolean() ? "leaky_relu" : name);
            case 9 -> layer.put("batchNorm", new BatchNormSpec(number, number, true));
            case 10 -> layer.put("inputDropout", number);
            case 11 -> layer.put("inputs", Collections.nCopies(random.nextInt(1, 4), name));
            case 12 -> layer.put("residuals", Collections.nCopies(random.nextInt(1, 4), name));
            case 13 -> layer.put("shared", name);
            case 14 -> layers.addAll(layers);
            case 15 -> layers.remove(at);
            case 16 -> spec.put("classes", Collections.nCopies(random.nextInt(6), name));
            case 17 ->
                spec.put(
                        "task",
                        List.of("classification", "multilabel", "regression", name)
                                .get(random.nextInt(4)));
            case 18 ->
                spec.put(
                        "loss",
                        List.of("half_mse", "sigmoid_cross_entropy", "softmax_cross_entropy", name)
                                .get(random.nextInt(4)));
            default -> spec.put("featureVariances", Collections.nCopies(random.nextInt(4), number));
        }
        layer.put("slope", (float) (random.nextInt(5) == 0 ? number : layer.getSlope()));
        spec.put("layers", layers);
    }
}
