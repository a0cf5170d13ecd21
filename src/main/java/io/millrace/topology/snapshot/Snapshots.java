package io.millrace.topology.snapshot;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.Evaluation;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ModelSpec;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.learner.weights.Model;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.records.FloatVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translates between a model and the chunks that carry it through the snapshots topic.
 *
 * @param model name of the model
 * @param partition partition of the examples topic
 */
public record Snapshots(String model, int partition) {
    /** Half of what producers and brokers take by default. */
    private static final int PARAMETERS_PER_CHUNK = 512 * 1024 / Float.BYTES;

    public ModelSnapshotKey key(long version, int chunk) {
        return new ModelSnapshotKey(model, partition, version, chunk);
    }

    public List<ModelSnapshot> chunks(Model trained, Score score) {
        float[] parameters = trained.parameters();
        int count = Math.max(1, (parameters.length + PARAMETERS_PER_CHUNK - 1) / PARAMETERS_PER_CHUNK);
        String sha256 = ParameterDigest.sha256(parameters);
        List<ModelSnapshot> chunks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = i * PARAMETERS_PER_CHUNK;
            int to = Math.min(parameters.length, from + PARAMETERS_PER_CHUNK);
            float[] part = count == 1 ? parameters : Arrays.copyOfRange(parameters, from, to);
            chunks.add(chunk(trained.version(), i)
                    .setChunks(count)
                    .setSpec(i == 0 ? spec(trained) : null)
                    .setEvaluation(i == 0 ? new Evaluation(score.examples(), score.loss(), score.metrics()) : null)
                    .setParameterCount(parameters.length)
                    .setParameterOffset(from)
                    .setParameters(new FloatVector(part))
                    .setCrc32c(ParameterDigest.crc32c(part))
                    .setSha256(sha256)
                    .build());
        }
        return chunks;
    }

    /** The chunks, -1 and down, that carry the state of the learner which publishes a version. */
    public List<ModelSnapshot> stateChunks(long version, List<byte[]> state) {
        List<ModelSnapshot> chunks = new ArrayList<>(state.size());
        for (int i = 0; i < state.size(); i++) {
            chunks.add(chunk(version, -1 - i)
                    .setState(ByteBuffer.wrap(state.get(i)))
                    .build());
        }
        return chunks;
    }

    private ModelSnapshot.Builder chunk(long version, int chunk) {
        return ModelSnapshot.newBuilder()
                .setModel(model)
                .setPartition(partition)
                .setVersion(version)
                .setChunk(chunk)
                .setChunks(0)
                .setParameterCount(0)
                .setParameterOffset(0)
                .setParameters(List.of())
                .setCrc32c(0)
                .setSha256("");
    }

    private static ModelSpec spec(Model trained) {
        Architecture architecture = trained.architecture();
        List<LayerSpec> layers =
                architecture.layers().stream().map(Snapshots::layer).toList();
        return new ModelSpec(
                trained.task().id(),
                architecture.loss().name(),
                architecture.inputs(),
                layers,
                new FloatVector(trained.state()),
                trained.classes(),
                boxed(trained.featureMeans()),
                boxed(trained.featureVariances()),
                boxed(trained.targetMeans()),
                boxed(trained.targetVariances()));
    }

    /**
     * Puts a model together.
     *
     * @param chunks all chunks of a version, in order
     * @throws IllegalStateException when a checksum does not agree
     * @throws IllegalArgumentException when the specification names something that this Millrace does not know
     */
    public static Model model(List<ModelSnapshot> chunks) {
        Model model = unchecked(chunks);
        List<String> damages = damages(chunks);
        if (!damages.isEmpty()) {
            throw new IllegalStateException(damages.get(0));
        }
        return model;
    }

    /** As {@link #model}, whatever the checksums say. */
    public static Model unchecked(List<ModelSnapshot> chunks) {
        ModelSnapshot first = chunks.get(0);
        ModelSpec spec = first.getSpec();
        if (spec == null) {
            throw new IllegalStateException("chunk 0 of version " + first.getVersion() + " has no specification");
        }
        List<Layer> layers = spec.getLayers().stream().map(Snapshots::layer).toList();
        return new Model(
                new Architecture(spec.getInputs(), layers, Loss.of(spec.getLoss())),
                Task.of(spec.getTask()),
                List.copyOf(spec.getClasses()),
                first.getVersion(),
                parameters(chunks),
                FloatVector.arrayOf(spec.getRunningAverages()),
                unboxed(spec.getFeatureMeans()),
                unboxed(spec.getFeatureVariances()),
                unboxed(spec.getTargetMeans()),
                unboxed(spec.getTargetVariances()));
    }

    public static LayerSpec layer(Layer layer) {
        BatchNorm norm = layer.batchNorm();
        return new LayerSpec(
                layer.units(),
                layer.activation().name(),
                slope(layer.activation()),
                norm == null ? null : new BatchNormSpec(norm.momentum(), norm.delta(), norm.unbiased()),
                layer.inputDropout(),
                layer.wiring().inputs(),
                layer.wiring().residuals(),
                layer.wiring().shared());
    }

    private static Layer layer(LayerSpec spec) {
        Wiring wiring = new Wiring(spec.getInputs(), spec.getResiduals(), spec.getShared());
        Layer plain = new Layer(spec.getUnits(), activation(spec)).withWiring(wiring);
        Layer layer = spec.getInputDropout() > 0 ? plain.withInputDropout(spec.getInputDropout()) : plain;
        BatchNormSpec norm = spec.getBatchNorm();
        return norm == null
                ? layer
                : layer.withBatchNorm(new BatchNorm(norm.getMomentum(), norm.getDelta(), norm.getUnbiased()));
    }

    private static float slope(Activation activation) {
        return activation instanceof LeakyRelu leaky ? leaky.slope() : 0;
    }

    private static Activation activation(LayerSpec layer) {
        String name = layer.getActivation();
        return name.equals(LeakyRelu.NAME) ? new LeakyRelu(layer.getSlope()) : Activation.of(name);
    }

    private static float[] parameters(List<ModelSnapshot> chunks) {
        int count =
                chunks.stream().mapToInt(chunk -> chunk.getParameters().size()).sum();
        float[] parameters = new float[count];
        int at = 0;
        for (ModelSnapshot chunk : chunks) {
            float[] part = FloatVector.arrayOf(chunk.getParameters());
            System.arraycopy(part, 0, parameters, at, part.length);
            at += part.length;
        }
        return parameters;
    }

    /** A sentence, without full stop, for each checksum that does not agree. */
    public static List<String> damages(List<ModelSnapshot> chunks) {
        List<String> damages = new ArrayList<>();
        List<float[]> parts = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            ModelSnapshot chunk = chunks.get(i);
            float[] part = FloatVector.arrayOf(chunk.getParameters());
            parts.add(part);
            if (ParameterDigest.crc32c(part) != chunk.getCrc32c()) {
                damages.add("chunk " + i + " of version " + chunk.getVersion() + " is damaged: its CRC differs");
            }
        }
        ModelSnapshot first = chunks.get(0);
        if (!ParameterDigest.sha256(parts).equals(first.getSha256())) {
            damages.add("version " + first.getVersion() + " is damaged: its SHA-256 differs");
        }
        return damages;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
