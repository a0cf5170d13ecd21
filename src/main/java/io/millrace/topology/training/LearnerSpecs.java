package io.millrace.topology.training;

import io.millrace.config.InvalidConfigException;
import io.millrace.config.LearnerSettings;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.loss.L1;
import io.millrace.nn.loss.L2;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.loss.Penalty;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the learner's specification out of settings. */
public final class LearnerSpecs {
    private LearnerSpecs() {}

    /**
     * @param settings checked settings
     * @return what a learner is a function of
     * @throws InvalidConfigException when the layers cannot be connected as the settings say
     */
    public static LearnerSpec of(LearnerSettings settings) {
        Task task = Task.of(settings.task());
        Loss loss = Loss.of(settings.loss());
        return new LearnerSpec(
                architecture(settings, outputs(task, loss, settings), loss),
                task,
                settings.classes(),
                Initializer.of(settings.initializer()),
                settings.seed(),
                descent(settings),
                settings.batchSize(),
                settings.batchWindowMs(),
                settings.batchMaxAdvance(),
                settings.standardizeFeatures(),
                settings.standardizeTargets(),
                settings.standardizeRate(),
                new Validation(
                        settings.reportExamples(),
                        settings.fading(),
                        settings.holdoutFraction(),
                        settings.patience(),
                        settings.minGain(),
                        settings.curvatureEvery()),
                new GuardLimits(settings.guardConsecutive(), settings.guardLossFactor(), settings.guardOutlierFactor()),
                settings.rules());
    }

    private static Architecture architecture(LearnerSettings settings, int outputs, Loss loss) {
        try {
            return new Architecture(settings.inputs(), layers(settings, outputs), loss);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(List.of("The network cannot be built: " + e.getMessage()
                    + ". See model.concatenate, model.residual and model.share."));
        }
    }

    private static int outputs(Task task, Loss loss, LearnerSettings settings) {
        return switch (task) {
            case REGRESSION -> settings.targets();
            case MULTILABEL -> settings.classes().size();
            // two classes on a sigmoid share one output
            case CLASSIFICATION ->
                loss == Loss.SIGMOID_CROSS_ENTROPY ? 1 : settings.classes().size();
        };
    }

    private static Optimization descent(LearnerSettings settings) {
        Map<String, String> schedule = new HashMap<>(settings.scheduleOptions());
        schedule.put("rate", String.valueOf(settings.learningRate()));
        List<Penalty> penalties = new ArrayList<>();
        if (settings.l2() > 0) {
            penalties.add(new L2(settings.l2()));
        }
        if (settings.l1() > 0) {
            penalties.add(new L1(settings.l1()));
        }
        return new Optimization(
                Optimizer.of(settings.optimizer(), settings.optimizerOptions()),
                Schedule.of(settings.schedule(), schedule),
                penalties,
                new Clipping(settings.clipValue(), settings.clipNorm()));
    }

    private static List<Layer> layers(LearnerSettings settings, int outputs) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < settings.hidden().size(); i++) {
            Layer layer = new Layer(settings.hidden().get(i), activation(settings, i));
            layers.add(finish(settings, i, settings.batchNorm() ? layer.withBatchNorm(batchNorm(settings)) : layer));
        }
        layers.add(finish(settings, layers.size(), new Layer(outputs, Activation.IDENTITY)));
        return layers;
    }

    private static Layer finish(LearnerSettings settings, int index, Layer layer) {
        Wiring wiring = new Wiring(
                settings.concatenated().getOrDefault(index + 1, List.of()),
                settings.residuals().getOrDefault(index + 1, List.of()),
                String.join("", settings.shared().getOrDefault(index + 1, List.of())));
        return dropping(settings, index, layer.withWiring(wiring));
    }

    /** With dropout of what enters the layer: features for the first one, hidden units for others. */
    private static Layer dropping(LearnerSettings settings, int index, Layer layer) {
        double probability = index == 0 ? settings.dropoutInput() : settings.dropoutHidden();
        return probability > 0 ? layer.withInputDropout(probability) : layer;
    }

    private static BatchNorm batchNorm(LearnerSettings settings) {
        return new BatchNorm(settings.batchNormMomentum(), settings.batchNormDelta(), settings.batchNormUnbiased());
    }

    private static Activation activation(LearnerSettings settings, int layer) {
        String name = settings.activations().get(layer);
        return name.equals(LeakyRelu.NAME) ? new LeakyRelu((float) settings.slope()) : Activation.of(name);
    }
}
