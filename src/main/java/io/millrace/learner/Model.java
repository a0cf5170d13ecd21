package io.millrace.learner;

import io.millrace.feature.Declaration;
import io.millrace.learner.spec.Task;
import java.util.List;

/** One version of the result of a {@link Learner}: everything that a prediction needs. Immutable by convention: no code may write to its arrays. */
public interface Model {
    /** @return number of examples that the model has learned */
    long version();

    /** @return the task, which says what the scores mean */
    Task task();

    /** @return names of the classes or labels by index; empty for regression */
    List<String> classes();

    /** @return number of features, or of the numbers of declared features */
    int inputs();

    /** @return whether a row may have fewer features, because they are a sequence whose first steps may be missing */
    default boolean takesShorterSequences() {
        return false;
    }

    /** @return how records become features; null if they are {@code Features} */
    default Declaration declaration() {
        return null;
    }

    /** @return length of the scores of a prediction: one for each class, label or target */
    int scores();

    /** @return the parameters in canonical order; snapshots compute checksums over them */
    float[] parameters();

    /** @return whether the scores of the other model have the same meaning, so that a mean of both makes sense */
    boolean answersAs(Model other);

    /**
     * @return a predictor for one thread
     * @throws IllegalArgumentException when the parts of the model do not fit together
     */
    Predictor predictor();
}
