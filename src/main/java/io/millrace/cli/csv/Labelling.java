package io.millrace.cli.csv;

import io.millrace.cli.console.UsageException;
import io.millrace.learner.spec.LearnerSpec;
import java.util.HashSet;
import java.util.List;

/** The kind of label that a model expects. */
public enum Labelling {
    CLASS,
    TARGET,
    TARGETS;

    /**
     * The kind of label that a model expects, if the label columns can provide it.
     *
     * @param learner what the model's learner is a function of
     * @param columns names of the label columns, at least one
     * @throws UsageException if the columns do not fit the model
     */
    public static Labelling of(LearnerSpec learner, List<String> columns) {
        return switch (learner.task()) {
            case MULTILABEL -> {
                require(columns, learner.classes().size(), "model.classes names");
                if (!columns.equals(learner.classes())
                        && new HashSet<>(columns).equals(new HashSet<>(learner.classes()))) {
                    throw new UsageException("--label names the labels in another order than model.classes, which is "
                            + String.join(",", learner.classes()) + ": name them in that order.");
                }
                yield TARGETS;
            }
            case REGRESSION -> {
                int targets = learner.architecture().outputs();
                require(columns, targets, "model.targets is");
                yield targets == 1 ? TARGET : TARGETS;
            }
            case CLASSIFICATION -> {
                if (columns.size() > 1) {
                    throw new UsageException("--label names " + columns.size() + " columns, but a classification has"
                            + " one label: name one column, or use a task with several, multilabel or regression.");
                }
                yield CLASS;
            }
        };
    }

    private static void require(List<String> columns, int wanted, String setting) {
        if (columns.size() != wanted) {
            throw new UsageException("The label is in " + columns.size() + " column(s), " + String.join(", ", columns)
                    + ", but " + setting + " " + wanted + ": name a column for each with --label A,B,...");
        }
    }
}
