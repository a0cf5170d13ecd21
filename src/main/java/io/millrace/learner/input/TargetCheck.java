package io.millrace.learner.input;

import io.millrace.learner.spec.Task;

/**
 * Refuses targets that no loss can use. This is the only place where the numbers of labels are checked: {@link Labels} only translates,
 * and the learner checks each target that it receives.
 */
public final class TargetCheck {
    private final Task task;
    private final int classes;
    private final int width;

    /**
     * @param task what the outputs mean
     * @param classes number of classes or labels
     * @param width length of a target
     */
    public TargetCheck(Task task, int classes, int width) {
        this.task = task;
        this.classes = classes;
        this.width = width;
    }

    /**
     * @param target as {@link Labels} encodes it
     * @return the largest magnitude of a number
     * @throws BadInputException when the length is wrong, or a number does not fit the task
     */
    public float check(float[] target) {
        if (target.length != width) {
            throw new BadInputException(
                    BadInputCause.LABEL,
                    target.length + (target.length == 1 ? " target" : " targets") + " instead of " + width);
        }
        float largest = 0;
        for (int i = 0; i < width; i++) {
            float value = target[i];
            boolean valid = switch (task) {
                case CLASSIFICATION -> value >= 0 && value < classes && value == (int) value;
                case MULTILABEL -> value == 0 || value == 1;
                case REGRESSION -> Float.isFinite(value);
            };
            if (!valid) {
                throw refusal(i, value);
            }
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private BadInputException refusal(int index, float value) {
        return switch (task) {
            case CLASSIFICATION ->
                noSuchClass(value == (int) value ? String.valueOf((int) value) : String.valueOf(value), classes);
            case MULTILABEL ->
                new BadInputException(BadInputCause.LABEL, "label " + index + " is " + value + ", neither 0 nor 1");
            case REGRESSION -> new BadInputException(BadInputCause.LABEL, "target " + index + " is " + value);
        };
    }

    static BadInputException noSuchClass(String index, int classes) {
        return new BadInputException(BadInputCause.LABEL, "class index " + index + " is not in 0 to " + (classes - 1));
    }
}
