package io.millrace.config;

import static io.millrace.config.ModelSettings.MODEL_CLASSES;
import static io.millrace.config.ModelSettings.MODEL_HIDDEN;
import static io.millrace.config.ModelSettings.MODEL_LOSS;
import static io.millrace.config.ModelSettings.MODEL_TARGETS;
import static io.millrace.config.ModelSettings.MODEL_TASK;

import io.millrace.learner.spec.Task;
import io.millrace.nn.loss.HalfMeanSquaredError;
import io.millrace.nn.loss.SigmoidCrossEntropy;
import io.millrace.nn.loss.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;

/** Finds settings of the learner whose values are valid alone but contradict each other. */
final class LearnerValidation {
    private final AbstractConfig values;
    private final int hidden;
    private final List<String> problems = new ArrayList<>();

    private LearnerValidation(AbstractConfig values) {
        this.values = values;
        hidden = values.getList(MODEL_HIDDEN).size();
    }

    /** @return one sentence for each contradiction */
    static List<String> problems(AbstractConfig values, Settings settings) {
        LearnerValidation validation = new LearnerValidation(values);
        Algorithms algorithms = settings.algorithms();
        FeatureSettings.check(values, validation.problems);
        if (EnsembleSettings.chosen(values)) {
            validation.checkTask();
            EnsembleSettings.check(values, settings, validation.problems);
            return validation.problems;
        }
        validation.checkTask();
        ShapeSettings.check(values, validation.problems);
        validation.problems.addAll(algorithms.problems(values));
        if (!ShapeSettings.namesLayers(values)) {
            validation.checkConnections();
            validation.checkActivations();
            validation.checkDropout();
        }
        validation.checkBatchNorm(algorithms);
        validation.checkEarlyStopping();
        return validation.problems;
    }

    private void checkTask() {
        Task task = LearnerSpecFactory.task(values);
        int classes = values.getList(MODEL_CLASSES).size();
        switch (task) {
            case REGRESSION -> {
                if (classes > 0) {
                    problems.add(MODEL_CLASSES + " is set, but " + MODEL_TASK
                            + " is regression: remove the classes, or set classification or multilabel.");
                }
                requireLoss(HalfMeanSquaredError.NAME);
            }
            case MULTILABEL -> {
                if (classes < 1) {
                    problems.add(MODEL_CLASSES + " is empty: name the labels, for example red,round.");
                }
                requireLoss(SigmoidCrossEntropy.NAME);
            }
            case CLASSIFICATION -> checkClassification(classes);
        }
        if (task != Task.REGRESSION && values.getInt(MODEL_TARGETS) != 1) {
            problems.add(MODEL_TARGETS + " is for regression; with " + MODEL_TASK + "=" + task.id()
                    + " the number of classes decides. Remove it.");
        }
    }

    private void checkClassification(int classes) {
        boolean sigmoid = LearnerSpecFactory.loss(values).equals(SigmoidCrossEntropy.NAME);
        if (classes < 2) {
            problems.add(MODEL_CLASSES
                    + " must name at least two classes for a classification, for example no,yes; it names " + classes
                    + ".");
        }
        if (sigmoid && classes != 2) {
            problems.add(MODEL_LOSS + "=" + SigmoidCrossEntropy.NAME + " classifies two classes, but " + MODEL_CLASSES
                    + " names " + classes + ": use " + SoftmaxCrossEntropy.NAME + ", or " + MODEL_TASK
                    + "=multilabel.");
        } else if (!sigmoid) {
            requireLoss(SoftmaxCrossEntropy.NAME);
        }
    }

    private void requireLoss(String loss) {
        String chosen = LearnerSpecFactory.loss(values);
        if (!chosen.equals(loss)) {
            problems.add(MODEL_LOSS + "=" + chosen + " does not fit " + MODEL_TASK + "=" + values.getString(MODEL_TASK)
                    + ": use " + loss + ", or auto.");
        }
    }

    private void checkConnections() {
        for (String key :
                List.of(ModelSettings.MODEL_CONCATENATE, ModelSettings.MODEL_RESIDUAL, ModelSettings.MODEL_SHARE)) {
            problems.addAll(Connections.problems(key, values.getList(key), hidden));
        }
        List<String> shared = values.getList(ModelSettings.MODEL_SHARE);
        Connections.of(shared, hidden).forEach((layer, names) -> {
            if (names.size() > 1) {
                problems.add(ModelSettings.MODEL_SHARE + " gives a layer the weights of " + names + ": name one.");
            }
        });
        if (values.getBoolean(ModelSettings.BATCH_NORM) && !shared.isEmpty()) {
            problems.add(ModelSettings.MODEL_SHARE
                    + " and batch.norm=true exclude each other: the averages of the layers that"
                    + " share would mix. Remove one of them.");
        }
    }

    private void checkActivations() {
        int activations = values.getList(ModelSettings.MODEL_ACTIVATION).size();
        if (activations != 1 && activations != hidden) {
            problems.add(ModelSettings.MODEL_ACTIVATION + " names " + activations + " activations for " + hidden
                    + " hidden layers: name one for all, or one for each.");
        }
    }

    private void checkBatchNorm(Algorithms algorithms) {
        if (!values.getBoolean(ModelSettings.BATCH_NORM)) {
            algorithms.batchNorm().names().stream()
                    .filter(values.originals()::containsKey)
                    .forEach(key ->
                            problems.add(key + " is set, but batch.norm is false: remove it, or set batch.norm=true."));
        } else if (hidden == 0 && !ShapeSettings.namesLayers(values)) {
            problems.add("batch.norm=true normalises hidden layers, and " + MODEL_HIDDEN + " is empty.");
        } else if (values.getInt(TrainingSettings.BATCH_SIZE) < 2) {
            problems.add("batch.norm=true needs the statistics of several examples, and " + TrainingSettings.BATCH_SIZE
                    + " is 1: raise it, for example to 16.");
        }
    }

    private void checkDropout() {
        if (values.getDouble(TrainingSettings.DROPOUT_HIDDEN) > 0 && hidden == 0) {
            problems.add(
                    TrainingSettings.DROPOUT_HIDDEN + " leaves hidden units out, and " + MODEL_HIDDEN + " is empty.");
        }
    }

    private void checkEarlyStopping() {
        String minGain = Settings.EARLY_STOPPING_MIN_GAIN;
        if (values.getInt(Settings.EARLY_STOPPING_PATIENCE) == 0
                && values.originals().containsKey(minGain)) {
            problems.add(minGain + " is set, but " + Settings.EARLY_STOPPING_PATIENCE
                    + " is 0, which turns early stopping off: remove it, or set a patience, for example of 5 reports.");
        }
    }
}
