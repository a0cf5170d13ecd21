package io.millrace.learner;

import java.util.Arrays;
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
     * @param id a name as {@link #id} gives it
     * @return the task
     * @throws IllegalArgumentException when there is none of that name
     */
    public static Task of(String id) {
        return Arrays.stream(values())
                .filter(task -> task.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown task " + id + ": classification, multilabel and regression are known"));
    }
}
