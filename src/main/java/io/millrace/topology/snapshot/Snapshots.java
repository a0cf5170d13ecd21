package io.millrace.topology.snapshot;

import io.millrace.avro.Evaluation;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ModelSpec;
import io.millrace.config.ConfigurationText;
import io.millrace.config.InvalidConfigException;
import io.millrace.feature.Declaration;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.FloatVector;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.history.LineageHash;
import io.millrace.topology.model.ModelKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Translates between a model and its chunks in the snapshots topic.
 *
 * @param model name of the model
 * @param partition partition of the examples topic
 */
public record Snapshots(String model, int partition) {
    /** Half of the default limit of producers and brokers for a record. */
    private static final int PARAMETERS_PER_CHUNK = 512 * 1024 / Float.BYTES;

    public ModelSnapshotKey key(long version, int chunk) {
        return new ModelSnapshotKey(model, partition, version, chunk);
    }

    /**
     * Creates the chunks of the version that a learner serves, with its metadata. The version becomes the newest of its lineage.
     *
     * @param state state that the version carries; empty for none
     * @return the chunks, those of the state first, so that a reader that has seen all parameters has seen everything
     */
    public List<ModelSnapshot> publish(Learner learner, List<byte[]> state, Lineage lineage) {
        List<ModelSnapshot.Builder> parameters = parameters(learner.servedModel());
        ModelSnapshot.Builder head = parameters
                .get(0)
                .setEvaluation(evaluation(learner.servedScore()))
                .setStateOffset(state.isEmpty() ? -1 : lineage.inputs().next())
                .setStateChunks(state.size())
                .setStateSha256(LineageHash.ofState(state))
                .setStreamTime(learner.streamTime());
        List<ModelSnapshot> chunks = new ArrayList<>();
        for (int i = 0; i < state.size(); i++) {
            chunks.add(chunk(learner.servedVersion(), -1 - i)
                    .setState(ByteBuffer.wrap(state.get(i)))
                    .build());
        }
        chunks.add(lineage.append(head, learner.servedNextPosition()));
        parameters.subList(1, parameters.size()).forEach(chunk -> chunks.add(chunk.build()));
        return chunks;
    }

    /** Creates the chunks of a model with its score as the only metadata. */
    public List<ModelSnapshot> chunks(Model model, Score score) {
        List<ModelSnapshot.Builder> chunks = parameters(model);
        chunks.get(0).setEvaluation(evaluation(score));
        return chunks.stream().map(ModelSnapshot.Builder::build).toList();
    }

    private static Evaluation evaluation(Score score) {
        return new Evaluation(score.examples(), score.loss(), score.metrics());
    }

    private List<ModelSnapshot.Builder> parameters(Model trained) {
        float[] parameters = trained.parameters();
        int count = Math.max(1, (parameters.length + PARAMETERS_PER_CHUNK - 1) / PARAMETERS_PER_CHUNK);
        String sha256 = ParameterDigest.sha256(parameters);
        List<ModelSnapshot.Builder> chunks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = i * PARAMETERS_PER_CHUNK;
            int to = Math.min(parameters.length, from + PARAMETERS_PER_CHUNK);
            float[] part = count == 1 ? parameters : Arrays.copyOfRange(parameters, from, to);
            chunks.add(chunk(trained.version(), i)
                    .setChunks(count)
                    .setSpec(i == 0 ? ModelKind.of(trained).describe(trained) : null)
                    .setParameterCount(parameters.length)
                    .setParameterOffset(from)
                    .setParameters(new FloatVector(part))
                    .setCrc32c(ParameterDigest.crc32c(part))
                    .setSha256(sha256));
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

    /**
     * Assembles a model.
     *
     * @param chunks all chunks of a version, in order
     * @throws IllegalStateException when a checksum does not match
     * @throws IllegalArgumentException when the specification names something that this Millrace version does not know
     */
    public static Model model(List<ModelSnapshot> chunks) {
        Model model = unchecked(chunks);
        List<String> damages = damages(chunks);
        if (!damages.isEmpty()) {
            throw new IllegalStateException(damages.get(0));
        }
        return model;
    }

    /** Same as {@link #model}, but does not verify checksums. */
    public static Model unchecked(List<ModelSnapshot> chunks) {
        ModelSnapshot first = chunks.get(0);
        ModelSpec spec = first.getSpec();
        if (spec == null) {
            throw new IllegalStateException("chunk 0 of version " + first.getVersion() + " has no specification");
        }
        return ModelKind.of(spec).model(spec, declaration(first), first.getVersion(), parameters(chunks));
    }

    private static Declaration declaration(ModelSnapshot first) {
        try {
            return ConfigurationText.declaration(Lineage.inForce(first.getConfigurations()));
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(
                    "version " + first.getVersion() + " declares features in a way that this Millrace does not know: "
                            + e.getMessage(),
                    e);
        }
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

    /** A sentence, without full stop, for each checksum that does not match. */
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
}
