package io.millrace.learner.input;

import io.millrace.learner.spec.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes labels as targets of the loss: a class becomes its index, targets stay what they are.
 *
 * <p>Every method writes to the start of {@code target}, whose length is {@code LearnerSpec.targetWidth}, and throws
 * {@link BadInputException} when the label does not fit the task.
 */
public final class Labels {
    private final Task task;
    private final List<String> classes;
    private final Map<String, Integer> indices = new HashMap<>();

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

    /** A class by its index; in a regression, a target. */
    public void encode(int label, float[] target) {
        switch (task) {
            case CLASSIFICATION -> {
                if (label < 0 || label >= classes.size()) {
                    throw new BadInputException("class index " + label + " is not in 0 to " + (classes.size() - 1));
                }
                target[0] = label;
            }
            case REGRESSION -> encode((float) label, target);
            case MULTILABEL -> throw misfit("a class index");
        }
    }

    /** A class by its name. */
    public void encode(String label, float[] target) {
        if (task != Task.CLASSIFICATION) {
            throw misfit("a class name");
        }
        Integer index = indices.get(label);
        if (index == null) {
            throw new BadInputException("unknown class \"" + abbreviated(label) + "\", known are "
                    + abbreviated(String.join(",", classes)));
        }
        target[0] = index;
    }

    /**
     * The target of a regression with one target. In a classification a whole number is a class index: clients in languages that
     * do not tell integers from reals write it so.
     */
    public void encode(float label, float[] target) {
        if (task == Task.CLASSIFICATION && label == (int) label) {
            encode((int) label, target);
            return;
        }
        if (task != Task.REGRESSION) {
            throw misfit("a real target");
        }
        if (target.length != 1) {
            throw new BadInputException("1 target instead of " + target.length);
        }
        target[0] = finite(label, 0);
    }

    /** The targets of a regression, or 0 or 1 for each label of a multi-label task. */
    public void encode(float[] label, float[] target) {
        if (task == Task.CLASSIFICATION) {
            throw misfit("an array of targets");
        }
        if (label.length != target.length) {
            throw new BadInputException(label.length + " targets instead of " + target.length);
        }
        for (int i = 0; i < label.length; i++) {
            if (task == Task.MULTILABEL && label[i] != 0 && label[i] != 1) {
                throw new BadInputException("label " + i + " is " + label[i] + ", neither 0 nor 1");
            }
            target[i] = finite(label[i], i);
        }
    }

    /**
     * The inverse of encoding: what a producer would write.
     *
     * @param target as one of the others made it
     * @return the index of a class, a single target, or an array of targets or labels
     */
    public Object decode(float[] target) {
        return switch (task) {
            case CLASSIFICATION -> (int) target[0];
            case MULTILABEL -> target;
            case REGRESSION -> target.length == 1 ? (Object) target[0] : target;
        };
    }

    /**
     * Refuses a target that none of the others would have made; called for each example, so that no fault gets past it.
     *
     * @return the largest magnitude of a target
     */
    public float check(float[] target, int width) {
        float largest = 0;
        if (target.length != width) {
            throw new BadInputException(target.length + " targets instead of " + width);
        }
        for (int i = 0; i < width; i++) {
            float value = target[i];
            boolean valid = switch (task) {
                case CLASSIFICATION -> value >= 0 && value < classes.size() && value == (int) value;
                case MULTILABEL -> value == 0 || value == 1;
                case REGRESSION -> Float.isFinite(value);
            };
            if (!valid) {
                throw new BadInputException("target " + i + " is " + value);
            }
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private BadInputException misfit(String label) {
        return new BadInputException("the label is " + label + ", which does not fit a " + task.id() + " model");
    }

    private static float finite(float value, int index) {
        if (!Float.isFinite(value)) {
            throw new BadInputException("target " + index + " is " + value);
        }
        return value;
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
