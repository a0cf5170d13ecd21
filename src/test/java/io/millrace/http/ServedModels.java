package io.millrace.http;

import io.millrace.avro.Configuration;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.input.declared.DeclaredDecoder;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.snapshot.SnapshotRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Models as a serving application has them. The same bits on each machine. */
final class ServedModels {
    /** Examples that they have learned. */
    static final int VERSION = 400;

    static final String FEATURES =
            "amount: log, customer.plan?: oneof(free|pro), items[].sku: set(16,2), created: time(hour)";

    private ServedModels() {}

    /** Two features; "yes" on one side of the diagonal. */
    static LiveModel ofArrays() {
        LiveModel live = new LiveModel("model");
        arrive(live, VERSION);
        return live;
    }

    private static NetworkLearner arrays(int examples) {
        MillraceConfig config = TestConfigs.with();
        NetworkLearner learner = new NetworkLearner(config.learner(), report -> {});
        Labels labels = new Labels(config.learner().task(), config.learner().classes());
        Random random = new Random(1);
        for (int i = 0; i < examples; i++) {
            float[] row = {random.nextFloat(), random.nextFloat()};
            learner.learn(row, labels.encode(row[0] > row[1] ? "yes" : "no"), 1, i);
        }
        return learner;
    }

    /** Orders with {@link #FEATURES}; late are those of much. */
    static LiveModel ofOrders() {
        MillraceConfig config = TestConfigs.declared("features", FEATURES, "label", "late", "value.format", "json");
        var spec = config.learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        DeclaredDecoder decoder =
                DeclaredDecoder.json(spec.declaration(), new DeclaredDecoder.Target(spec.task(), spec.classes()));
        Random random = new Random(1);
        for (int i = 0; i < VERSION; i++) {
            byte[] order = order(random.nextInt(100), random.nextBoolean() ? "free" : "pro", i)
                    .getBytes(StandardCharsets.UTF_8);
            decoder.decode(null, order, new RecordHeaders(), i);
            learner.learn(decoder.row(), decoder.target(), decoder.weight(), decoder.eventTime(), i);
        }
        LiveModel live = new LiveModel("model");
        arrive(live, learner, config);
        return live;
    }

    private static String order(int amount, String plan, int i) {
        return String.format(
                Locale.ROOT,
                "{\"amount\": %d, \"customer\": {\"plan\": \"%s\"}, \"items\": [{\"sku\": \"s%d\"}], \"created\": %d,"
                        + " \"late\": \"%s\"}",
                amount,
                plan,
                i % 5,
                1_700_000_000L + 3600 * i,
                amount > 50 ? "yes" : "no");
    }

    /** A version of the model of {@link #ofArrays} arrives. */
    static void arrive(LiveModel live, int version) {
        arrive(live, arrays(version), TestConfigs.with());
    }

    private static void arrive(LiveModel live, NetworkLearner learner, MillraceConfig config) {
        SnapshotRecords topic = new SnapshotRecords();
        topic.publish(0, learner);
        for (SnapshotRecords.Written record : topic.all()) {
            record.value().put("configurations", List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)));
            live.add(record.value(), record.offset());
        }
    }
}
