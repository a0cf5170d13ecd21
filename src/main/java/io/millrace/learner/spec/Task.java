package io.millrace.learner.spec;

import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the network's outputs mean. */
public enum Task {
    /** One class out of several. */
    CLASSIFICATION,
    /** Any number of labels out of several. */
    MULTILABEL,
    /** One or more real targets. */
    REGRESSION;

    /** @return the name in configurations and snapshots: lower case */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param id a name as {@link #id} returns it
     * @return the task
     * @throws IllegalArgumentException when no task has this name
     */
    public static Task of(String id) {
        return Arrays.stream(values())
                .filter(task -> task.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown task " + id + ": classification, multilabel and regression are known"));
    }

    /** @return the loss of a model for which none is chosen */
    public Loss loss() {
        return switch (this) {
            case CLASSIFICATION -> Loss.SOFTMAX_CROSS_ENTROPY;
            case MULTILABEL -> Loss.SIGMOID_CROSS_ENTROPY;
            case REGRESSION -> Loss.HALF_MEAN_SQUARED_ERROR;
        };
    }

    /**
     * @param classes names of the classes or labels
     * @throws IllegalArgumentException when the outputs of this architecture do not fit these classes
     */
    public void require(Architecture architecture, List<String> classes) {
        int outputs = architecture.outputs();
        boolean fits = switch (this) {
            // one output: the probability of the second of two classes
            case CLASSIFICATION -> architecture.targetWidth() == 1 && classes.size() == Math.max(outputs, 2);
            case MULTILABEL -> classes.size() == outputs;
            case REGRESSION -> classes.isEmpty();
        };
        if (!fits) {
            throw new IllegalArgumentException("a " + id() + " with " + classes.size() + " classes does not fit "
                    + outputs + " outputs of " + architecture.loss().name());
        }
    }
}
