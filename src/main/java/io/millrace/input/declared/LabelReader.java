package io.millrace.input.declared;

import io.millrace.feature.Field;
import io.millrace.feature.value.TextIndex;
import io.millrace.feature.value.Value;
import io.millrace.learner.input.Labels;
import io.millrace.learner.spec.Task;
import java.util.List;

/**
 * Reads the label of a record. In a classification it is the name of a class: a text, or a number or boolean whose text is the name. If no
 * class has a number as its name, a number is the index of a class, and so is a boolean. For one thread; allocates nothing.
 */
final class LabelReader {
    private final DeclaredField[] fields;
    private final Task task;
    private final Labels labels;
    private final TextIndex names;
    private final boolean indices; // whether a number may be the index of a class
    private final float[] targets;

    LabelReader(List<Field> declared, FieldTree tree, Task task, List<String> classes) {
        fields = declared.stream().map(field -> new DeclaredField(field, tree)).toArray(DeclaredField[]::new);
        this.task = task;
        labels = new Labels(task, classes);
        names = new TextIndex(classes);
        indices = classes.stream().noneMatch(name -> name.matches("-?[0-9]+(\\.[0-9]+)?"));
        targets = new float[fields.length];
    }

    /** Whether a target is null. Then the record is no example. */
    boolean isMissing() {
        for (DeclaredField field : fields) {
            if (field.find() == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * The target of the loss; the next call overwrites it.
     *
     * @throws io.millrace.feature.value.BadValueException if a value is no label
     * @throws io.millrace.learner.input.BadInputException if it does not fit the task
     */
    float[] read() {
        if (fields.length == 1 && task == Task.CLASSIFICATION) {
            return classOf(fields[0].find(), fields[0].name());
        }
        for (int i = 0; i < fields.length; i++) {
            targets[i] = number(fields[i].find(), fields[i].name());
        }
        return fields.length == 1 && task == Task.REGRESSION ? labels.encode(targets[0]) : labels.encode(targets);
    }

    private static float number(Value value, String name) {
        return value.kind() == Value.Kind.BOOLEAN ? value.bool() : (float) value.number(name);
    }

    private float[] classOf(Value value, String name) {
        value.toText(name);
        int index = names.of(value.textBytes(), value.textFrom(), value.textTo());
        if (index >= 0) {
            return labels.encode(index);
        }
        if (indices && value.kind() == Value.Kind.BOOLEAN) {
            return labels.encode(value.bool());
        }
        if (indices && value.isNumber()) {
            double number = value.number(name);
            if (number == (int) number) {
                return labels.encode((int) number);
            }
        }
        return labels.encode(value.text()); // refuses it with the names of the classes
    }
}
