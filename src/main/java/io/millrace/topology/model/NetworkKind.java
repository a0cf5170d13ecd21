package io.millrace.topology.model;

import static io.millrace.topology.model.Numbers.boxed;
import static io.millrace.topology.model.Numbers.unboxed;

import io.millrace.avro.BatchNormSpec;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSpec;
import io.millrace.feature.Declaration;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Dense;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.LayerKinds;
import io.millrace.nn.network.LayersWriter;
import io.millrace.records.FloatVector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The kind of model that consists of one network. */
public final class NetworkKind implements ModelKind {
    static final NetworkKind INSTANCE = new NetworkKind();

    private NetworkKind() {}

    @Override
    public boolean learns(LearnerSpec spec) {
        return true;
    }

    @Override
    public Learner learner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        return new NetworkLearner(spec, reports, refusals);
    }

    @Override
    public boolean describes(Model model) {
        return model instanceof NetworkModel;
    }

    @Override
    public ModelSpec describe(Model model) {
        NetworkModel network = (NetworkModel) model;
        Architecture architecture = network.architecture();
        List<LayerSpec> layers =
                architecture.layers().stream().map(NetworkKind::layer).toList();
        return new ModelSpec(
                network.task().id(),
                architecture.loss().name(),
                architecture.inputs(),
                layers,
                new FloatVector(network.state()),
                network.classes(),
                boxed(network.featureMeans()),
                boxed(network.featureVariances()),
                boxed(network.targetMeans()),
                boxed(network.targetVariances()),
                null);
    }

    @Override
    public boolean reads(ModelSpec spec) {
        return true;
    }

    @Override
    public NetworkModel model(ModelSpec spec, Declaration declaration, long version, float[] parameters) {
        List<Layer> layers = spec.getLayers().stream().map(NetworkKind::layer).toList();
        return new NetworkModel(
                new Architecture(spec.getInputs(), tables(declaration), layers, Loss.of(spec.getLoss())),
                Task.of(spec.getTask()),
                List.copyOf(spec.getClasses()),
                version,
                parameters,
                FloatVector.arrayOf(spec.getRunningAverages()),
                unboxed(spec.getFeatureMeans()),
                unboxed(spec.getFeatureVariances()),
                unboxed(spec.getTargetMeans()),
                unboxed(spec.getTargetVariances()),
                declaration);
    }

    private static List<Table> tables(Declaration declaration) {
        return declaration == null
                ? List.of()
                : LearnerSpec.tables(declaration.features().layout());
    }

    @Override
    public Map.Entry<String, String> summary(Model model) {
        Architecture architecture = ((NetworkModel) model).architecture();
        String layers = architecture.layers().stream().map(LayersWriter::brief).collect(Collectors.joining(" - "));
        return Map.entry(
                "network",
                architecture.inputs() + " - " + layers + ", "
                        + architecture.loss().name());
    }

    @Override
    public Optional<String> difference(Model published, Model replayed) {
        return NetworkDiff.first((NetworkModel) published, (NetworkModel) replayed);
    }

    static LayerSpec layer(Layer layer) {
        BatchNorm norm = layer.batchNorm();
        return new LayerSpec(
                layer.units(),
                layer.activation().name(),
                slope(layer.activation()),
                norm == null ? null : new BatchNormSpec(norm.momentum(), norm.delta(), norm.unbiased()),
                layer.inputDropout(),
                layer.wiring().inputs(),
                layer.wiring().residuals(),
                layer.wiring().shared(),
                layer.kind() instanceof Dense ? "" : layer.kind().toString());
    }

    private static Layer layer(LayerSpec spec) {
        Wiring wiring = new Wiring(spec.getInputs(), spec.getResiduals(), spec.getShared());
        Layer plain = new Layer(kind(spec), activation(spec)).withWiring(wiring);
        Layer layer = spec.getInputDropout() > 0 ? plain.withInputDropout(spec.getInputDropout()) : plain;
        BatchNormSpec norm = spec.getBatchNorm();
        return norm == null
                ? layer
                : layer.withBatchNorm(new BatchNorm(norm.getMomentum(), norm.getDelta(), norm.getUnbiased()));
    }

    private static LayerKind kind(LayerSpec spec) {
        return spec.getKind().isEmpty() ? new Dense(spec.getUnits()) : LayerKinds.of(spec.getKind());
    }

    private static float slope(Activation activation) {
        return activation instanceof LeakyRelu leaky ? leaky.slope() : 0;
    }

    private static Activation activation(LayerSpec layer) {
        String name = layer.getActivation();
        return name.equals(LeakyRelu.NAME) ? new LeakyRelu(layer.getSlope()) : Activation.of(name);
    }
}
