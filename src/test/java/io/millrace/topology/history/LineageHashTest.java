package io.millrace.topology.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.EnsembleSpec;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import io.millrace.avro.Omitted;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.records.FloatVector;
import io.millrace.records.TrustedRecords;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.snapshot.Snapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an alteration of chunk 0 cannot escape. */
class LineageHashTest {
    /**
     * By their own hashes, which are covered: sha256, which the CRCs and the cuts cannot evade, and fingerprint. And what proves nothing, as
     * the time that is shown.
     */
    private static final Set<String> COVERED_BY_OTHER_HASHES = Set.of(
            "/chunk",
            "/chunks",
            "/parameterOffset",
            "/parameters",
            "/crc32c",
            "/configurations",
            "/lineage",
            "/streamTime");

    @BeforeAll
    static void trust() {
        TrustedRecords.trust(); // there are no serdes here, which see to it
    }

    private static ModelSnapshot head() {
        NetworkLearner learner = new NetworkLearner(
                TestConfigs.with(
                                "model.hidden", "3,3,3",
                                "batch.norm", "true",
                                "model.activation", "leaky_relu",
                                "model.residual", "2<-1",
                                "model.concatenate", "output<-3&input",
                                "dropout.hidden", "0.5")
                        .learner(),
                report -> {});
        ModelSnapshot head = new Snapshots("model", 3)
                .chunks(learner.model(), learner.score())
                .get(0);
        head.getSpec().put("targetMeans", List.of(0.5, 0.25));
        head.getSpec().put("targetVariances", List.of(0.5, 0.25));
        List<Double> numbers = List.of(0.5, 0.25);
        head.getSpec()
                .put(
                        "ensemble",
                        new EnsembleSpec(
                                3L, numbers, numbers, numbers, numbers, numbers, numbers, 5L, List.of(5L, 6L)));
        head.put("nextOffset", 7L);
        head.put("fingerprint", "f");
        head.put("configurations", List.of(new Configuration(0L, 0L, Map.of("a", "1"), 0)));
        head.put("predecessor", "p");
        head.put("lineageFormat", 3);
        head.put("inputs", List.of(new InputStretch("t", "i", 1L, 2L, "start")));
        head.put("missing", List.of(new OffsetRange(0, 1L, 2L)));
        head.put("omitted", new Omitted(List.of(new OffsetRange(0, 3L, 4L)), 0, 1L, false));
        return head;
    }

    @Test
    void shouldCoverEveryFieldOfChunkZeroThatNoOtherHashCovers() {
        ModelSnapshot head = head();
        String hash = LineageHash.of(head);
        Alterations all = new Alterations(() -> LineageHash.of(head).equals(hash));
        all.of(head, "");

        assertThat(all.unnoticed).isEqualTo(COVERED_BY_OTHER_HASHES);
        all.fields.removeAll(all.altered);
        assertThat(all.fields).as("what the test did not alter").containsExactly("/state"); // in negative chunks only
        assertThat(LineageHash.of(head)).as("put back").isEqualTo(hash);
    }

    /** Alters one field after the other, and puts it back. */
    private static final class Alterations {
        private final Set<String> fields = new TreeSet<>();
        private final Set<String> altered = new TreeSet<>();
        private final Set<String> unnoticed = new TreeSet<>();
        private final BooleanSupplier same;

        private Alterations(BooleanSupplier same) {
            this.same = same;
        }

        private void of(IndexedRecord record, String path) {
            for (Schema.Field field : record.getSchema().getFields()) {
                String name = path + "/" + field.name();
                Object value = record.get(field.pos());
                fields.add(name);
                if (value instanceof IndexedRecord inner) {
                    altered.add(name);
                    of(inner, name);
                } else if (!COVERED_BY_OTHER_HASHES.contains(name)
                        && value instanceof List<?> list
                        && !list.isEmpty()
                        && list.get(0) instanceof IndexedRecord) {
                    list.forEach(inner -> of((IndexedRecord) inner, name));
                }
                for (Object other : others(value)) {
                    altered.add(name);
                    record.put(field.pos(), other);
                    if (same.getAsBoolean()) {
                        unnoticed.add(name);
                    }
                    record.put(field.pos(), value);
                }
            }
        }
    }

    /** Other values of the same type; of lists and maps also those that differ in an element or in length. */
    @SuppressWarnings("unchecked")
    private static Collection<?> others(Object value) {
        if (value instanceof Integer number) {
            return List.of(number == 2 ? 1 : number + 1); // of formats of lineages, one that there is
        } else if (value instanceof Long number) {
            return List.of(number + 1);
        } else if (value instanceof Float number) {
            return List.of(Math.nextUp(number));
        } else if (value instanceof Double number) {
            return List.of(Math.nextUp(number), Double.NaN);
        } else if (value instanceof Boolean truth) {
            return List.of(!truth);
        } else if (value instanceof String text) {
            return List.of(text + "x");
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Double> longer = new LinkedHashMap<>((Map<String, Double>) map);
            longer.put("more", 1.0);
            Map<String, Double> other = new LinkedHashMap<>((Map<String, Double>) map);
            other.replaceAll((name, number) -> number + 1);
            return List.of(longer, other, Map.of());
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Float) {
            float[] floats = FloatVector.arrayOf((List<Float>) list).clone();
            floats[0] = Math.nextUp(floats[0]);
            return List.of(new FloatVector(floats), new FloatVector(new float[0]));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            List<Object> longer = new ArrayList<>(list);
            longer.add(list.get(0));
            return List.of(longer, List.of());
        }
        return List.of();
    }

    @Test
    void shouldTellListsApartThatAreTheSameInARow() {
        ModelSnapshot one = head();
        one.getSpec().put("featureMeans", List.of(1.0));
        one.getSpec().put("featureVariances", List.of(2.0, 3.0));
        ModelSnapshot other = head();
        other.getSpec().put("featureMeans", List.of(1.0, 2.0));
        other.getSpec().put("featureVariances", List.of(3.0));

        assertThat(LineageHash.of(one)).isNotEqualTo(LineageHash.of(other));
        assertThat(LineageHash.ofState(List.of(new byte[] {1}, new byte[] {2, 3})))
                .isNotEqualTo(LineageHash.ofState(List.of(new byte[] {1, 2}, new byte[] {3})));
    }

    @Test
    void shouldNotDependOnTheOrderOfMetrics() {
        ModelSnapshot one = head();
        Map<String, Double> metrics = new LinkedHashMap<>();
        one.getEvaluation().getMetrics().forEach(metrics::put);
        List<String> names = new ArrayList<>(metrics.keySet());
        assertThat(names).hasSizeGreaterThan(1);
        Map<String, Double> reversed = new LinkedHashMap<>();
        for (int i = names.size() - 1; i >= 0; i--) {
            reversed.put(names.get(i), metrics.get(names.get(i)));
        }
        String hash = LineageHash.of(one);
        one.getEvaluation().put("metrics", reversed);
        assertThat(LineageHash.of(one)).isEqualTo(hash);
    }

    @Test
    void shouldKeepTheFirstFormat() {
        ModelSnapshot head = head();
        head.put("lineageFormat", 1);
        String first = LineageHash.of(head);
        head.getEvaluation().put("loss", 7.0);
        head.getSpec().put("classes", List.of("yes", "no"));
        assertThat(LineageHash.of(head)).isEqualTo(first);
        head.put("nextOffset", 8L);
        assertThat(LineageHash.of(head)).isNotEqualTo(first);
    }
}
