package io.millrace.topology.history;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.Configuration;
import io.millrace.avro.EnsembleSpec;
import io.millrace.avro.Evaluation;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import io.millrace.avro.Omitted;
import io.millrace.records.FloatVector;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hashes that bind a version to what it is made of and to the version before. Every format that was ever written stays supported: the
 * {@code lineageFormat} of a version defines what its hash covers.
 *
 * <ol>
 *   <li>origin (predecessor, model, partition, version, offset, configurations), parameters, and the preprocessing, bit by bit;
 *   <li>all of chunk 0: also architecture, task, loss, classes, the evaluation, and the state that the version carries;
 *   <li>also what was read: the stretches, the offsets that were deleted, the records that were left out; and what an ensemble needs, if it is
 *       one, and the kinds of the layers, if they are not all dense.
 * </ol>
 *
 * <p>The hash does not cover how the parameters are split into chunks. Their own hash checks them after they are assembled.
 */
public final class LineageHash {
    /** The format of the versions that this Millrace writes. */
    public static final int NEWEST = 3;

    private LineageHash() {}

    /** Whether this Millrace can compute the hash of a format. */
    public static boolean knows(int format) {
        return format >= 1 && format <= NEWEST;
    }

    /**
     * @param head chunk 0 of a version with a known format
     * @return SHA-256, in hex, of the version's content and origin
     */
    public static String of(ModelSnapshot head) {
        int format = head.getLineageFormat();
        return sha256(format, out -> {
            origin(head, out);
            if (format == 1) {
                preprocessing(head.getSpec(), out);
            } else {
                specification(head.getSpec(), out);
                evaluation(head.getEvaluation(), out);
                out.writeLong(head.getParameterCount());
                out.writeLong(head.getStateOffset());
                out.writeInt(head.getStateChunks());
                out.text(head.getStateSha256());
            }
            if (format > 2) {
                inputs(head, out);
                ensemble(head.getSpec().getEnsemble(), out);
                kinds(head.getSpec().getLayers(), out);
            }
        });
    }

    /**
     * @param format of the lineage
     * @return SHA-256, in hex, of the configurations
     */
    public static String fingerprint(int format, List<Configuration> configurations) {
        boolean withStretch = format > 2;
        return sha256(withStretch ? 3 : 1, out -> out.configurations(configurations, withStretch));
    }

    /** SHA-256, in hex, of a learner's state; empty when there is none. */
    public static String ofState(List<byte[]> chunks) {
        return chunks.isEmpty()
                ? ""
                : sha256(2, out -> {
                    for (byte[] chunk : chunks) {
                        out.bytes(chunk);
                    }
                });
    }

    private static void origin(ModelSnapshot head, FieldWriter out) throws IOException {
        out.text(head.getPredecessor() == null ? "" : head.getPredecessor());
        out.text(head.getModel());
        out.writeInt(head.getPartition());
        out.writeLong(head.getVersion());
        out.writeLong(head.getNextOffset());
        out.text(head.getFingerprint());
        out.text(head.getSha256());
    }

    /** Format 1, which does not include the number of values. */
    private static void preprocessing(ModelSpec spec, FieldWriter out) throws IOException {
        for (float average : FloatVector.arrayOf(spec.getRunningAverages())) {
            out.writeFloat(average);
        }
        for (List<Double> statistics : List.of(
                spec.getFeatureMeans(), spec.getFeatureVariances(), spec.getTargetMeans(), spec.getTargetVariances())) {
            for (double value : statistics) {
                out.writeDouble(value);
            }
        }
    }

    private static void specification(ModelSpec spec, FieldWriter out) throws IOException {
        out.text(spec.getTask());
        out.text(spec.getLoss());
        out.writeInt(spec.getInputs());
        out.writeInt(spec.getLayers().size());
        for (LayerSpec layer : spec.getLayers()) {
            layer(layer, out);
        }
        out.texts(spec.getClasses());
        out.numbers(FloatVector.arrayOf(spec.getRunningAverages()));
        out.numbers(spec.getFeatureMeans());
        out.numbers(spec.getFeatureVariances());
        out.numbers(spec.getTargetMeans());
        out.numbers(spec.getTargetVariances());
    }

    private static void layer(LayerSpec layer, FieldWriter out) throws IOException {
        out.writeInt(layer.getUnits());
        out.text(layer.getActivation());
        out.number(layer.getSlope());
        BatchNormSpec norm = layer.getBatchNorm();
        out.writeBoolean(norm != null);
        if (norm != null) {
            out.number(norm.getMomentum());
            out.number(norm.getDelta());
            out.writeBoolean(norm.getUnbiased());
        }
        out.number(layer.getInputDropout());
        out.texts(layer.getInputs());
        out.texts(layer.getResiduals());
        out.text(layer.getShared());
    }

    private static void inputs(ModelSnapshot head, FieldWriter out) throws IOException {
        InputHistory.write(head.getInputs(), out);
        out.writeInt(head.getNextStretch());
        OffsetRanges.write(head.getMissing(), out);
        Omitted omitted = head.getOmitted();
        out.writeBoolean(omitted != null);
        if (omitted != null) {
            OffsetRanges.write(omitted.getRanges(), out);
            out.writeInt(omitted.getSinceStretch());
            out.writeLong(omitted.getSinceOffset());
            out.writeBoolean(omitted.getForgotten());
        }
    }

    /** Nothing for a network, whose hash is therefore the same as before there were ensembles. */
    private static void ensemble(EnsembleSpec ensemble, FieldWriter out) throws IOException {
        if (ensemble != null) {
            out.writeLong(ensemble.getRows());
            out.numbers(ensemble.getFastMeans());
            out.numbers(ensemble.getFastVariances());
            out.numbers(ensemble.getWeights());
            out.numbers(ensemble.getLaggingWeights());
            out.numbers(ensemble.getSlowWeights());
            out.numbers(ensemble.getLabels());
            // not known: an older Millrace wrote the version, and hashed nothing for it
            if (ensemble.getNewestTime() >= 0) {
                out.writeLong(ensemble.getNewestTime());
            }
            for (long count :
                    ensemble.getCounts()) { // none without declared features; else as many as there are inputs
                out.writeLong(count);
            }
        }
    }

    /** Nothing for dense layers, whose hash is therefore the same as before there were other kinds. */
    private static void kinds(List<LayerSpec> layers, FieldWriter out) throws IOException {
        if (layers.stream().anyMatch(layer -> !layer.getKind().isEmpty())) {
            out.texts(layers.stream().map(LayerSpec::getKind).toList());
        }
    }

    private static void evaluation(Evaluation evaluation, FieldWriter out) throws IOException {
        out.writeBoolean(evaluation != null);
        if (evaluation != null) {
            out.writeLong(evaluation.getExamples());
            out.number(evaluation.getLoss());
            out.writeInt(evaluation.getMetrics().size());
            for (Map.Entry<String, Double> metric : new TreeMap<>(evaluation.getMetrics()).entrySet()) {
                out.text(metric.getKey());
                out.number(metric.getValue());
            }
        }
    }

    private interface Content {
        void writeTo(FieldWriter out) throws IOException;
    }

    private static String sha256(int format, Content content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (FieldWriter out = new FieldWriter(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
                out.text("millrace lineage " + format); // another format gives other hashes
                content.writeTo(out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest takes every byte", e);
        }
    }
}
