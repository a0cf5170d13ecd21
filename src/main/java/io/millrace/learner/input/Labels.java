package io.millrace.learner.input;

import io.millrace.learner.spec.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Translates labels to targets of the loss: a class becomes its index, targets stay unchanged. For one thread.
 *
 * <p>Every {@code encode} throws {@link BadInputException} when the label cannot be a target of the task. The learner checks the numbers
 * later, with {@link TargetCheck}. The array of a target with one number is overwritten by the next call; an array of targets is returned
 * as it is.
 */
public final class Labels {
    private final Task task;
    private final List<String> classes;
    private final Map<String, Integer> indices = new HashMap<>();
    private final float[] single = new float[1];

    /**
     * @param task what the outputs mean
     * @param classes names of the classes or labels; empty for regression
     */
    public Labels(Task task, List<String> classes) {
        this.task = task;
        this.classes = List.copyOf(classes);
        for (int i = 0; i < classes.size(); i++) {
            indices.put(classes.get(i), i);
        }
    }

    /** Encodes a class by its index, or the target of a regression. */
    public float[] encode(int label) {
        if (task == Task.MULTILABEL) {
            throw misfit("a class index");
        }
        float target = label;
        if (task == Task.CLASSIFICATION
                && (int) target != label) { // a rounded index: the check could not report the original
            throw TargetCheck.noSuchClass(String.valueOf(label), classes.size());
        }
        return single(target);
    }

    /** Encodes a class by its name. */
    public float[] encode(String label) {
        if (task != Task.CLASSIFICATION) {
            throw misfit("a class name");
        }
        Integer index = indices.get(label);
        if (index == null) {
            throw new BadInputException(
                    BadInputCause.LABEL,
                    "unknown class \"" + abbreviated(label) + "\", known are "
                            + abbreviated(String.join(",", classes)));
        }
        return single(index);
    }

    /**
     * Encodes the target of a regression with one target. In a classification a whole number is a class index, because some languages do
     * not distinguish integers from reals.
     */
    public float[] encode(float label) {
        if (task == Task.CLASSIFICATION && label == (int) label) {
            return encode((int) label);
        }
        if (task != Task.REGRESSION) {
            throw misfit("a real target");
        }
        return single(label);
    }

    /** Encodes the targets of a regression, or 0 or 1 for each label of a multi-label task. */
    public float[] encode(float[] label) {
        if (task == Task.CLASSIFICATION) {
            throw misfit("an array of targets");
        }
        return label;
    }

    /**
     * The inverse of encoding: the label that a producer would write.
     *
     * @param target result of an {@code encode} method
     * @return the index of a class, a single target, or an array of targets or labels
     */
    public Object decode(float[] target) {
        return switch (task) {
            case CLASSIFICATION -> (int) target[0];
            case MULTILABEL -> target;
            case REGRESSION -> target.length == 1 ? (Object) target[0] : target;
        };
    }

    private float[] single(float target) {
        single[0] = target;
        return single;
    }

    private BadInputException misfit(String label) {
        return new BadInputException(
                BadInputCause.LABEL, "the label is " + label + ", which does not fit a " + task.id() + " model");
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
