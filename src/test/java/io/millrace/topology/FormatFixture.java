package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.declared.DeclaredDecoder;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.snapshot.Snapshots;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * What a learner once wrote: {@code NAME.state} holds its checkpoint and that of its open mini-batch, {@code NAME.avro} its snapshot
 * with the schema it was written with, {@code NAME.properties} the settings and what was in it.
 */
record FormatFixture(Path directory, String name) {
    /** Enough for a report, weights that are the best, and an open mini-batch. */
    private static final int EXAMPLES = 43;

    private static final int MORE_EXAMPLES = 80;

    /** Magic byte and schema id. */
    private static final int WIRE_HEADER = 5;

    private static final float[] REQUEST = {0.25f, -1.5f};
    private static final String SETTING = "set.";
    private static final String LATER = "later.";

    private Path file(String extension) {
        return directory.resolve(name + "." + extension);
    }

    private static MillraceConfig config(Map<String, String> settings) {
        String[] changes = settings.entrySet().stream()
                .flatMap(setting -> Stream.of(setting.getKey(), setting.getValue()))
                .toArray(String[]::new);
        if (settings.containsKey("model.kind")) {
            return TestConfigs.ensemble(changes);
        }
        return settings.containsKey("features") ? TestConfigs.declared(changes) : TestConfigs.with(changes);
    }

    static Learner learner(LearnerSpec spec) {
        return ModelKind.of(spec).learner(spec, report -> {}, refused -> {});
    }

    static LearnerSpec spec(Map<String, String> settings) {
        return config(settings).learner();
    }

    /** Makes an example of two features; where features are declared, of a record that depends on them. */
    private static Function<float[], InputRow> rows(Declaration declaration) {
        if (declaration == null) {
            return InputRow::of;
        }
        DeclaredDecoder decoder = DeclaredDecoder.json(declaration, null);
        return features -> {
            int number = Math.round(10 * Math.abs(features[0]));
            String record = "{\"x\":" + features[0] + ",\"y\":" + (number % 4 == 0 ? "null" : 1000 * features[1])
                    + ",\"kind\":\"" + "abc".charAt(number % 3) + "\",\"at\":" + (1_700_000_000L + 5000 * number)
                    + ",\"user\":\"user " + number + "\",\"tags\":[" + number + ",\"new\"],\"note\":"
                    + (number % 5 == 0 ? null : "\"No. " + number + "\"") + "}";
            decoder.decode(null, record.getBytes(StandardCharsets.UTF_8), new RecordHeaders(), 0);
            return decoder.row();
        };
    }

    /** Examples that a fixture's learner takes: two features, and a target that depends on them. */
    static void feed(Learner learner, LearnerSpec spec, int from, int to) {
        Function<float[], InputRow> rows = rows(spec.declaration());
        Random random = new Random(7);
        for (int i = 0; i < to; i++) {
            float[] features = {random.nextFloat() * 4 - 2, random.nextFloat()};
            float[] target = new float[spec.targetWidth()];
            Arrays.fill(target, features[0] > features[1] ? 1 : 0);
            if (spec.task() == Task.REGRESSION) {
                target[0] = 3 * features[0] + 100;
            }
            if (i >= from && spec.validation().holdsOut() && i % 4 == 3) {
                learner.evaluate(rows.apply(features), target, 1, i);
            } else if (i >= from) {
                learner.learn(rows.apply(features), target, 1, i, i);
            }
        }
    }

    /** What a restored learner comes to. */
    static void feedOn(Learner learner, LearnerSpec spec) {
        feed(learner, spec, (int) learner.nextPosition() + learner.waiting(), MORE_EXAMPLES);
    }

    void write(Map<String, String> settings) throws IOException {
        LearnerSpec spec = spec(settings);
        Learner learner = learner(spec);
        feed(learner, spec, 0, EXAMPLES);
        Files.createDirectories(directory);
        StateWriter state = new StateWriter();
        learner.save(state);
        StateWriter batch = new StateWriter();
        learner.saveBatch(batch);
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file("state")))) {
            write(out, state.chunks());
            write(out, batch.chunks());
        }
        try (AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://written-fixtures"));
                DataFileWriter<Object> out = new DataFileWriter<>(new GenericDatumWriter<>())) {
            Serializer<ModelSnapshot> serializer =
                    serdes.valueSerde(ModelSnapshot.class).serializer();
            out.create(ModelSnapshot.getClassSchema(), file("avro").toFile());
            Lineage lineage = new Lineage();
            lineage.follow(0, 0, ConfigurationText.of(config(settings)));
            for (ModelSnapshot chunk : new Snapshots("fixture", 0).publish(learner, List.of(), lineage)) {
                byte[] record = serializer.serialize("snapshots", chunk);
                out.appendEncoded(ByteBuffer.wrap(record, WIRE_HEADER, record.length - WIRE_HEADER));
            }
        }
        Properties properties = new Properties();
        settings.forEach((key, value) -> properties.put(SETTING + key, value));
        properties.putAll(facts(learner));
        properties.putAll(facts(learner.servedModel()));
        Learner later = learner(spec);
        later.restore(new StateReader(state.chunks()));
        later.restoreBatch(new StateReader(batch.chunks()));
        feedOn(later, spec);
        facts(later).forEach((key, value) -> properties.put(LATER + key, value));
        try (Writer out = Files.newBufferedWriter(file("properties"))) {
            for (Map.Entry<Object, Object> property : new TreeMap<>(properties).entrySet()) {
                out.write(property.getKey() + "=" + property.getValue() + "\n");
            }
        }
    }

    private static void write(DataOutputStream out, List<byte[]> chunks) throws IOException {
        out.writeInt(chunks.size());
        for (byte[] chunk : chunks) {
            out.writeInt(chunk.length);
            out.write(chunk);
        }
    }

    /** The chunks of the checkpoint, then those of the open mini-batch. */
    List<List<byte[]>> state() throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file("state")))) {
            return List.of(chunks(in), chunks(in));
        }
    }

    private static List<byte[]> chunks(DataInputStream in) throws IOException {
        List<byte[]> chunks = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            chunks.add(in.readNBytes(in.readInt()));
        }
        return chunks;
    }

    Path snapshot() {
        return file("avro");
    }

    private Map<String, String> properties() throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file("properties"))) {
            properties.load(in);
        }
        Map<String, String> read = new TreeMap<>();
        properties.forEach((key, value) -> read.put((String) key, (String) value));
        return read;
    }

    Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        properties().forEach((key, value) -> {
            if (key.startsWith(SETTING)) {
                settings.put(key.substring(SETTING.length()), value);
            }
        });
        return settings;
    }

    Map<String, String> facts(String about) throws IOException {
        Map<String, String> facts = properties();
        facts.keySet().removeIf(key -> !key.startsWith(about));
        return facts;
    }

    /** What the learner came to when it learned on; empty where it was not noted. */
    Map<String, String> laterFacts() throws IOException {
        Map<String, String> facts = new TreeMap<>();
        facts(LATER).forEach((key, value) -> facts.put(key.substring(LATER.length()), value));
        return facts;
    }

    static Map<String, String> facts(Learner learner) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("learner.version", String.valueOf(learner.version()));
        facts.put("learner.nextPosition", String.valueOf(learner.nextPosition()));
        facts.put("learner.waiting", String.valueOf(learner.waiting()));
        facts.put("learner.heldOut", String.valueOf(learner.heldOut()));
        facts.put("learner.servedVersion", String.valueOf(learner.servedVersion()));
        facts.put("learner.loss", String.valueOf(learner.score().loss()));
        facts.put("learner.sha256", ParameterDigest.sha256(learner.model().parameters()));
        if (learner.model() instanceof NetworkModel network) {
            facts.put("learner.state.sha256", ParameterDigest.sha256(network.state()));
        }
        return facts;
    }

    static Map<String, String> facts(Model model) {
        float[] scores = new float[model.scores()];
        model.predictor().predict(rows(model.declaration()).apply(REQUEST), scores);
        Map<String, String> facts = new TreeMap<>();
        facts.put("model.version", String.valueOf(model.version()));
        facts.put("model.classes", String.join(",", model.classes()));
        facts.put("model.sha256", ParameterDigest.sha256(model.parameters()));
        facts.put("model.scores", Arrays.toString(scores));
        if (model instanceof NetworkModel network) {
            facts.put("model.state.sha256", ParameterDigest.sha256(network.state()));
        }
        return facts;
    }
}
