package io.millrace.topology;

import io.millrace.config.LearnerSettings;
import io.millrace.learner.LearnerSpec;
import io.millrace.learner.Task;
import io.millrace.nn.Activation;
import io.millrace.nn.Architecture;
import io.millrace.nn.Initializer;
import io.millrace.nn.Layer;
import io.millrace.nn.Loss;
import io.millrace.nn.Optimizer;
import java.util.ArrayList;
import java.util.List;

/** Makes the learner's specification out of settings. */
public final class LearnerSpecs {
    private LearnerSpecs() {}

    /**
     * @param settings checked settings
     * @return what a learner is a function of
     */
    public static LearnerSpec of(LearnerSettings settings) {
        Task task = Task.of(settings.task());
        Loss loss = Loss.of(settings.loss());
        return new LearnerSpec(
                new Architecture(settings.inputs(), layers(settings, outputs(task, loss, settings)), loss),
                task,
                settings.classes(),
                Initializer.of(settings.initializer()),
                settings.seed(),
                Optimizer.of(settings.optimizer(), settings.optimizerOptions()),
                settings.learningRate(),
                settings.batchSize(),
                settings.batchWindowMs(),
                settings.standardizeFeatures(),
                settings.standardizeTargets(),
                settings.standardizeRate(),
                settings.reportExamples(),
                settings.fading());
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

    private static List<Layer> layers(LearnerSettings settings, int outputs) {
        List<Layer> layers = new ArrayList<>();
        Activation activation = Activation.of(settings.activation());
        settings.hidden().forEach(units -> layers.add(new Layer(units, activation)));
        layers.add(new Layer(outputs, Activation.IDENTITY));
        return layers;
    }
}
