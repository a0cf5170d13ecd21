package io.millrace.watch;

import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.snapshot.Snapshots;
import java.util.List;
import java.util.Map;

/**
 * What a version consists of and was learned with.
 *
 * @param task {@code classification}, {@code multilabel} or {@code regression}
 * @param classes names of the classes or labels; empty for regression
 * @param kind heading of the summary, one word
 * @param summary layers or members
 * @param settings that determine what is learned
 * @param topic that the last example came from; null when it is not known
 */
record ModelView(
        String task, List<String> classes, String kind, String summary, Map<String, String> settings, String topic) {

    /**
     * @param chunks of a version, in order
     * @throws IllegalStateException when a checksum does not match
     * @throws IllegalArgumentException when it names something that this Millrace does not know
     */
    static ModelView of(List<ModelSnapshot> chunks) {
        ModelSnapshot head = chunks.get(0);
        Model model = Snapshots.model(chunks);
        Map.Entry<String, String> summary = ModelKind.of(model).summary(model);
        return new ModelView(
                head.getSpec().getTask(),
                List.copyOf(head.getSpec().getClasses()),
                summary.getKey(),
                summary.getValue(),
                head.getConfigurations().isEmpty() ? Map.of() : Lineage.inForce(head.getConfigurations()),
                topic(head));
    }

    /** The topic that the last example came from; null when it is not known. */
    private static String topic(ModelSnapshot head) {
        List<InputStretch> inputs = head.getInputs();
        return inputs.isEmpty() ? null : inputs.get(inputs.size() - 1).getTopic();
    }
}
