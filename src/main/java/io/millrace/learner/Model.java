package io.millrace.learner;

import io.millrace.learner.spec.Task;
import java.util.List;

/** One version of what a {@link Learner} has learned: all that a prediction needs. Immutable by agreement: nobody writes to its arrays. */
public interface Model {
    /** @return examples that it has learned */
    long version();

    /** @return what its scores mean */
    Task task();

    /** @return names of the classes or labels by index; empty for regression */
    List<String> classes();

    /** @return number of features */
    int inputs();

    /** @return length of the scores of a prediction: one for each class, label or target */
    int scores();

    /** @return its parameters in their canonical order, over which snapshots compute checksums */
    float[] parameters();

    /** @return whether the other model answers the same question in the same way, so that a mean of their answers makes sense */
    boolean answersAs(Model other);

    /**
     * @return a predictor for one thread
     * @throws IllegalArgumentException when the parts of the model do not fit together
     */
    Predictor predictor();
}
