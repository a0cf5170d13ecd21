package io.millrace.cli;

import static io.millrace.cli.VerifyRuns.config;
import static io.millrace.cli.VerifyRuns.learn;
import static io.millrace.cli.VerifyRuns.republish;
import static io.millrace.cli.VerifyRuns.verify;
import static io.millrace.cli.VerifyRuns.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Evaluation;
import io.millrace.avro.ModelSnapshot;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a version says besides its weights is verified, too. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class VerifyClaimsTest {
    private static Cluster cluster;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
    }

    private record Altered(Consumer<ModelSnapshot> alteration, String told) {}

    /** What a version says besides its weights: altered so that all checksums fit. */
    @Test
    void shouldNameWhatElseOfASnapshotWasAltered() {
        MillraceConfig config = config(cluster, "claims", "snapshot.state.max.bytes", "1048576");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 600, 0);
            List<StoredSnapshot> versions = versions(config, serdes, 0);
            ModelSnapshot good = versions.get(versions.size() - 1).head();
            String version = "version " + good.getVersion() + " ";
            Evaluation evaluation = good.getEvaluation();
            double better = Math.nextDown(evaluation.getLoss());
            Map<String, Double> metrics = new TreeMap<>(evaluation.getMetrics());
            metrics.put("accuracy", 1.0);

            List<Altered> all = List.of(
                    new Altered(
                            head -> head.getEvaluation().put("loss", better),
                            "differs first in its evaluation, loss: snapshot " + better + " (0x"),
                    new Altered(
                            head -> head.getEvaluation().put("metrics", metrics),
                            "differs first in its evaluation, accuracy: snapshot 1.0 (0x"),
                    new Altered(
                            head -> head.getEvaluation().put("examples", 7L),
                            "claims an evaluation of 7 examples, the replay has evaluated " + evaluation.getExamples()),
                    new Altered(head -> head.put("evaluation", null), "carries no evaluation"),
                    new Altered(
                            head -> head.getSpec().put("classes", List.of("no", "perhaps")),
                            "has the classes [no, perhaps], its configuration gives [no, yes]"),
                    new Altered(
                            head -> head.getSpec().getLayers().get(0).put("activation", "tanh"),
                            "has as layer 1 {\"units\": 16, \"activation\": \"tanh\""),
                    new Altered(head -> head.getSpec().put("loss", "none"), "cannot be put together: "),
                    new Altered(
                            head -> head.put("nextStretch", 5),
                            "cannot be verified: it names a record of the stretch 5"),
                    new Altered(head -> head.put("nextStretch", -1), "cannot be verified: it names a record of"),
                    new Altered(
                            head -> head.put("nextOffset", Long.MAX_VALUE), "cannot be verified: it names a record of"),
                    new Altered(
                            head -> head.getInputs().get(0).put("fromOffset", Long.MAX_VALUE),
                            "cannot be verified: it names a record of"));
            for (Altered altered : all) {
                ModelSnapshot claim = ModelSnapshot.newBuilder(good).build(); // a deep copy
                altered.alteration().accept(claim);
                republish(config, serdes, claim);
                Invocation found = verify(cluster, "claims");
                assertThat(found.exitCode()).as(altered.told()).isEqualTo(1);
                assertThat(found.out())
                        .contains(version + "has been altered: its lineage does not follow")
                        .contains(version + altered.told());
            }

            ModelSnapshot offset = ModelSnapshot.newBuilder(good)
                    .setStateOffset(good.getStateOffset() - 1)
                    .build();
            republish(config, serdes, offset);
            assertThat(verify(cluster, "claims").out()).contains(version + "has been altered", "; but see above");
            republish(config, serdes, good);
            assertThat(verify(cluster, "claims").exitCode()).isZero();

            ModelSnapshot state = cluster
                    .read(
                            config,
                            config.topics().modelSnapshots(),
                            serdes.valueSerde(ModelSnapshot.class).deserializer())
                    .stream()
                    .map(ConsumerRecord::value)
                    .filter(chunk -> chunk != null && chunk.getChunk() == -1)
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
            byte[] bytes = state.getState().array().clone();
            bytes[bytes.length - 1] ^= 1;
            republish(
                    config,
                    serdes,
                    ModelSnapshot.newBuilder(state)
                            .setState(ByteBuffer.wrap(bytes))
                            .build());
            Invocation found = verify(cluster, "claims");
            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.out())
                    .contains("the state that " + version + "carries has been altered", "; but see above");
        }
    }
}
