package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Evaluation;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.training.ExampleFeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What a partition's learner comes to when nothing disturbs it: computed without Kafka from the examples that {@link Cluster#sendExamples}
 * sends. Every version and every report of a disturbed application is held against it.
 */
final class UninterruptedRun {
    private static final List<String> NUMBERS = List.of(
            "step",
            "examples",
            "examples of the report",
            "loss",
            "metrics",
            "faded loss",
            "faded metrics",
            "learning rate",
            "gradient norm",
            "first timestamp",
            "last timestamp",
            "held out",
            "loss held out",
            "metrics held out");

    /** By version: digest of the parameters. */
    private final TreeMap<Long, String> versions = new TreeMap<>();

    /** By version: how well it predicted the stream so far. */
    private final Map<Long, Evaluation> evaluations = new HashMap<>();

    private final List<Report> reports = new ArrayList<>();

    /**
     * @param numbers of the examples in this partition, in their order
     * @param without numbers of those that the dead letters hold
     */
    private UninterruptedRun(
            MillraceConfig config, AvroSerdes serdes, List<Integer> numbers, int partition, Set<Integer> without) {
        LearnerSpec spec = config.learner();
        Learner learner = ModelKind.of(spec).learner(spec, reports::add, refused -> {});
        Labels labels = new Labels(spec.task(), spec.classes());
        HoldoutSampler holdout = new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), partition);
        ExampleFeed declared = spec.declaration() == null
                ? null
                : new ExampleFeed(
                        learner,
                        spec,
                        Inputs.ofReplay(serdes).examples(config.topics().examples(), spec),
                        partition);
        long offset = -1;
        for (int i : numbers) {
            offset++;
            if (without.contains(i)) {
                continue;
            }
            if (declared != null) {
                feed(declared, DeclaredRecords.value(i, serdes, config.topics().examples()), i, offset);
            } else {
                float[] features = FloatVector.arrayOf(Cluster.example(i).getFeatures());
                float[] target = labels.encode((String) Cluster.example(i).getLabel());
                if (holdout.holds(offset)) {
                    learner.evaluate(InputRow.of(features), target, 1, 1_000_000L + i);
                } else {
                    learner.learn(InputRow.of(features), target, 1, 1_000_000L + i, offset);
                }
            }
            long version = learner.version();
            if (version > 0 && !versions.containsKey(version)) {
                versions.put(version, ParameterDigest.sha256(learner.model().parameters()));
                Score score = learner.score();
                evaluations.put(version, new Evaluation(score.examples(), score.loss(), score.metrics()));
            }
        }
    }

    private static void feed(ExampleFeed feed, byte[] value, int number, long offset) {
        try {
            feed.feed(null, value, new RecordHeaders(), 1_000_000L + number, offset);
            assertThat(DeclaredRecords.isBad(number)).isFalse();
        } catch (BadInputException e) {
            assertThat(DeclaredRecords.isBad(number)).as(e.getMessage()).isTrue();
        }
    }

    /**
     * Asserts of all partitions: the last version is the uninterrupted learner's, bit by bit, and so is every version before; versions only
     * grow; no chunk and no report is there twice, and no report is missing.
     *
     * @param examples sent, over all partitions
     */
    static void assertSame(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int examples, int partitions) {
        assertSame(cluster, config, serdes, examples, partitions, Set.of());
    }

    /** As above, of a stream without those of its examples that the dead letters hold. */
    static void assertSame(
            Cluster cluster,
            MillraceConfig config,
            AvroSerdes serdes,
            int examples,
            int partitions,
            Set<Integer> without) {
        List<List<Integer>> numbers = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            int own = partition;
            numbers.add(IntStream.range(0, examples)
                    .filter(number -> number % partitions == own)
                    .boxed()
                    .toList());
        }
        assertSame(cluster, config, serdes, numbers, without);
    }

    /**
     * As above.
     *
     * @param numbers by partition: those of its examples, in their order
     */
    static void assertSame(
            Cluster cluster,
            MillraceConfig config,
            AvroSerdes serdes,
            List<List<Integer>> numbers,
            Set<Integer> without) {
        List<ModelSnapshot> snapshots = values(cluster.read(
                config,
                config.topics().modelSnapshots(),
                serdes.valueSerde(ModelSnapshot.class).deserializer()));
        List<ValidationLoss> reports = values(cluster.read(
                config,
                config.topics().validationLosses(),
                serdes.valueSerde(ValidationLoss.class).deserializer()));
        for (int partition = 0; partition < numbers.size(); partition++) {
            int own = partition;
            UninterruptedRun uninterrupted =
                    new UninterruptedRun(config, serdes, numbers.get(partition), partition, without);
            uninterrupted.assertSnapshots(snapshots.stream()
                    .filter(snapshot -> snapshot.getPartition() == own)
                    .toList());
            uninterrupted.assertReports(reports.stream()
                    .filter(report -> report.getPartition() == own)
                    .toList());
        }
    }

    private static <V> List<V> values(List<ConsumerRecord<byte[], V>> records) {
        return records.stream()
                .map(ConsumerRecord::value)
                .filter(value -> value != null)
                .toList();
    }

    private void assertSnapshots(List<ModelSnapshot> snapshots) {
        Map<Long, Set<Integer>> chunks = new HashMap<>();
        long version = 0;
        for (ModelSnapshot snapshot : snapshots) {
            assertThat(snapshot.getVersion()).as("versions only grow").isGreaterThanOrEqualTo(version);
            version = snapshot.getVersion();
            assertThat(chunks.computeIfAbsent(version, key -> new HashSet<>()).add(snapshot.getChunk()))
                    .as("chunk %s of version %s is there once", snapshot.getChunk(), version)
                    .isTrue();
            assertThat(versions).as("only whole mini-batches are versions").containsKey(version);
            if (snapshot.getChunk() == 0) {
                assertThat(snapshot.getSha256()).as("version %s", version).isEqualTo(versions.get(version));
                assertThat(snapshot.getEvaluation()).as("version %s", version).isEqualTo(evaluations.get(version));
            }
        }
        assertThat(version).as("last version").isEqualTo(versions.lastKey());
    }

    private void assertReports(List<ValidationLoss> events) {
        assertThat(events)
                .extracting(UninterruptedRun::numbers)
                .containsExactlyElementsOf(
                        reports.stream().map(UninterruptedRun::numbers).toList());
    }

    /** All that the stream alone determines, bit by bit: an event and the report that it tells have the same. */
    private static Map<String, Object> numbers(ValidationLoss event) {
        return numbers(
                event.getStep(),
                event.getExamples(),
                event.getReportExamples(),
                event.getLoss(),
                event.getMetrics(),
                event.getFadedLoss(),
                event.getFadedMetrics(),
                event.getLearningRate(),
                event.getGradientNorm(),
                event.getFirstTimestamp(),
                event.getLastTimestamp(),
                event.getHoldoutExamples(),
                event.getHoldoutLoss(),
                event.getHoldoutMetrics());
    }

    private static Map<String, Object> numbers(Report report) {
        Score heldOut = report.heldOut();
        return numbers(
                report.step(),
                report.examples(),
                report.reportExamples(),
                report.loss(),
                report.metrics(),
                report.fadedLoss(),
                report.fadedMetrics(),
                report.learningRate(),
                report.gradientNorm(),
                report.firstTimestamp(),
                report.lastTimestamp(),
                heldOut == null ? 0L : heldOut.examples(),
                heldOut == null ? null : heldOut.loss(),
                heldOut == null ? Map.of() : heldOut.metrics());
    }

    private static Map<String, Object> numbers(Object... values) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (Object value : values) {
            numbers.put(NUMBERS.get(numbers.size()), value);
        }
        return numbers;
    }
}
