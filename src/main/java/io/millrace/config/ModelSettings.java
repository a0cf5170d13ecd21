package io.millrace.config;

import static io.millrace.config.Validators.connections;
import static io.millrace.config.Validators.distinctNames;
import static io.millrace.config.Validators.named;
import static io.millrace.config.Validators.optional;
import static io.millrace.config.Validators.shape;
import static io.millrace.config.Validators.widths;
import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.Task;
import io.millrace.nn.network.LayerKinds;
import java.util.Arrays;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Settings of the kind of model, of the task and of the network. */
final class ModelSettings {
    static final String MODEL_NAME = "model.name";
    static final String MODEL_RESET = "model.reset";
    static final String MODEL_KIND = "model.kind";
    static final String MODEL_TASK = "model.task";
    static final String MODEL_INPUTS = "model.inputs";
    static final String MODEL_CLASSES = "model.classes";
    static final String MODEL_TARGETS = "model.targets";
    static final String MODEL_INPUT_SHAPE = "model.input.shape";
    static final String MODEL_LAYERS = "model.layers";
    static final String MODEL_HIDDEN = "model.hidden";
    static final String MODEL_ACTIVATION = "model.activation";
    static final String MODEL_LOSS = "model.loss";
    static final String MODEL_INITIALIZER = "model.initializer";
    static final String MODEL_SEED = "model.seed";
    static final String MODEL_CONCATENATE = "model.concatenate";
    static final String MODEL_RESIDUAL = "model.residual";
    static final String MODEL_SHARE = "model.share";

    static final String BATCH_NORM = "batch.norm";
    static final String BATCH_NORM_OPTIONS = "batch.norm.";

    static final String AUTO = "auto";

    static final int MOST_INPUTS = 30_000;

    private ModelSettings() {}

    /** The setting that chooses a kind, as sentences name it. */
    static String kind(LearnerKind kind) {
        return MODEL_KIND + "=" + kind.id();
    }

    static void define(Definition d, Algorithms algorithms) {
        d.group("Model");
        d.define(
                MODEL_NAME, STRING, "model", named(), HIGH, "Name of the model in snapshots, reports and predictions.");
        d.define(
                MODEL_RESET,
                BOOLEAN,
                false,
                null,
                MEDIUM,
                "What to do with an existing model that does not fit: this application learned it with another architecture, other"
                        + " classes or another optimizer, or another application learned it under the same name. false: training does not"
                        + " start. true: Millrace deletes the model and its snapshots, and a new model begins with the next example. A model"
                        + " that fits this configuration is kept, also if features follow behind those it has.");
        d.define(
                MODEL_KIND,
                STRING,
                LearnerKind.ENSEMBLE.id(),
                ValidString.in(
                        Arrays.stream(LearnerKind.values()).map(LearnerKind::id).toArray(String[]::new)),
                HIGH,
                "ensemble: four small networks and a memory of labels, whose predictions are mixed; nothing needs tuning, and settings of a"
                        + " single network are refused. network: one network, with all settings of this page. If this is not set but a setting of"
                        + " a single network is, it means network, and the start says so. docs/learning.md compares them. Another kind is another"
                        + " model: see model.reset.");
        d.define(
                MODEL_TASK,
                STRING,
                "classification",
                ValidString.in(Arrays.stream(Task.values()).map(Task::id).toArray(String[]::new)),
                HIGH,
                "classification: one class out of several. multilabel: any number of labels out of several."
                        + " regression: one or more real targets.");
        d.define(
                MODEL_INPUTS,
                INT,
                null,
                optional(Range.between(1, MOST_INPUTS)),
                HIGH,
                "Number of features of an Example. Required without declared features, unless model.input.shape tells it, and not allowed with them. The limit exists because the features' statistics must fit into one chunk of a"
                        + " snapshot.");
        d.define(
                MODEL_CLASSES,
                LIST,
                "",
                distinctNames(),
                HIGH,
                "Names of the classes (or labels) in the order of their indices. Required for classification and multilabel. Together"
                        + " they can take about 200 kB, because a snapshot holds them twice in one record.");
        d.define(MODEL_TARGETS, INT, 1, Range.atLeast(1), MEDIUM, "Number of targets of a regression.");
        d.define(
                MODEL_INPUT_SHAPE,
                STRING,
                "",
                shape(),
                MEDIUM,
                "Shape of the features, for model.layers: 28x28x1 is an image of height x width x channels, 32x8 a sequence of steps x features."
                        + " They are in this order, row by row, the channels of a place side by side. A record may hold the last steps of a"
                        + " sequence only. Not possible with features that have tables. Empty: they have the shape of the only declared feature, for example numbers(32x8), or no places.");
        d.define(
                MODEL_LAYERS,
                STRING,
                "",
                null,
                HIGH,
                "Hidden layers on one line, instead of model.hidden, model.concatenate, model.residual and model.share:"
                        + " conv(16, 3x3) relu, pool(2x2), flatten, dense(64) relu. Layers are "
                        + LayerKinds.examples()
                        + ", flatten and dropout(0.2), which belongs to the layer behind it. conv and dense have the activation that follows"
                        + " them, or that of model.activation. A name before a layer is for later ones: with a: dense(64), the layer dense(64) + a"
                        + " adds the outputs of a before its activation, dense(32) [a, input] reads both side by side, and dense(64, share=a)"
                        + " uses the weights of a. The output layer is added; output [a, b] at the end connects it to others than the last"
                        + " layer. docs/learning.md has examples.");
        d.define(
                MODEL_HIDDEN,
                LIST,
                "64",
                widths(),
                HIGH,
                "Units of the hidden layers, from the first to the last. Empty: a linear model.");
        d.define(
                MODEL_ACTIVATION,
                LIST,
                "relu",
                ValidList.in(false, algorithms.activation().names()),
                MEDIUM,
                "Activation of the hidden layers: one for all, or one for each. "
                        + algorithms.activation().sentences());
        d.define(
                MODEL_CONCATENATE,
                LIST,
                "",
                connections(),
                LOW,
                "Concatenated inputs of a layer, which replace the output of the layer before it: output<-2&input feeds the outputs of"
                        + " the second hidden layer and the features to the output layer. Layers count from 1.");
        d.define(
                MODEL_RESIDUAL,
                LIST,
                "",
                connections(),
                LOW,
                "Residual connections: 3<-1 adds the outputs of the first hidden layer to those of the third, before its activation."
                        + " Both layers must have the same number of units.");
        d.define(
                MODEL_SHARE,
                LIST,
                "",
                connections(),
                LOW,
                "Shared weights: 3<-2 lets the third hidden layer use the weights and biases of the second; their gradients add up."
                        + " Not possible with batch.norm.");
        algorithms.activation().defineOptions(d);
        d.define(
                BATCH_NORM,
                BOOLEAN,
                false,
                null,
                MEDIUM,
                "Whether the hidden layers are normalised by the mean and variance of each mini-batch, and by running averages in"
                        + " predictions.");
        algorithms.batchNorm().define(d);
        d.define(
                MODEL_LOSS,
                STRING,
                AUTO,
                ValidString.in(algorithms.loss().names(AUTO)),
                MEDIUM,
                "auto: softmax_cross_entropy for classification, sigmoid_cross_entropy for multilabel, half_mse for"
                        + " regression. sigmoid_cross_entropy also serves a classification of two classes with one output unit. "
                        + algorithms.loss().sentences());
        algorithms.loss().defineOptions(d);
        d.define(
                MODEL_INITIALIZER,
                STRING,
                AUTO,
                ValidString.in(algorithms.initializer().names(AUTO)),
                LOW,
                "Distribution of the initial weights; biases start at zero. auto: he_uniform where all hidden layers are relu or leaky_relu, else xavier_uniform. "
                        + algorithms.initializer().sentences());
        algorithms.initializer().defineOptions(d);
        d.define(
                MODEL_SEED,
                LONG,
                1L,
                null,
                LOW,
                "Seed of the initial weights, of dropout and of the holdout. The same seed gives the same weights on every"
                        + " machine.");
    }
}
