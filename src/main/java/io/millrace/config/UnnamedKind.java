package io.millrace.config;

import io.millrace.learner.spec.LearnerKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kind of a model whose configuration does not name one: an ensemble, unless it has a setting that only a single network has. */
final class UnnamedKind {
    private UnnamedKind() {}

    /**
     * Names the kind if it has to be a network.
     *
     * @param own settings of Millrace; receives {@code model.kind} then
     * @return a sentence that says why it is a network
     */
    static Optional<String> resolve(Map<String, String> own, Settings settings) {
        if (own.containsKey(ModelSettings.MODEL_KIND)) {
            return Optional.empty();
        }
        Optional<String> reason = reason(own, settings);
        reason.ifPresent(given -> own.put(ModelSettings.MODEL_KIND, LearnerKind.NETWORK.id()));
        return reason.map(given -> ModelSettings.MODEL_KIND + " is not set, and " + given
                + ". So the model is one network, " + ModelSettings.kind(LearnerKind.NETWORK) + ".");
    }

    private static Optional<String> reason(Map<String, String> own, Settings settings) {
        List<String> network = EnsembleSettings.ofNetwork(own.keySet(), settings);
        return switch (network.size()) {
            case 0 -> EnsembleSettings.tooWide(number(own.get(ModelSettings.MODEL_INPUTS)));
            case 1 -> Optional.of(network.get(0) + " is a setting of a single network");
            default ->
                Optional.of(network.get(0) + " and " + network.get(1) + (network.size() > 2 ? ", for instance," : "")
                        + " are settings of a single network");
        };
    }

    /** Null without a number: the definition of the setting says what is wrong then. */
    private static Integer number(String value) {
        return value != null && value.matches("[0-9]{1,9}") ? Integer.valueOf(value) : null;
    }
}
