package io.millrace.learner.spec;

import java.util.Arrays;
import java.util.Locale;

/** What learns. */
public enum LearnerKind {
    /** One network. */
    NETWORK,
    /** Several small networks and a memory of labels, whose predictions are mixed. */
    ENSEMBLE;

    /** @return the name in configurations: lower case */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param id a name as {@link #id} returns it
     * @throws IllegalArgumentException when no kind has this name
     */
    public static LearnerKind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("unknown kind " + id + ": network and ensemble are known"));
    }

    /** The kind of a learner with this {@link LearnerSpec#fingerprint}. */
    public static LearnerKind ofFingerprint(String fingerprint) {
        return fingerprint.startsWith(ENSEMBLE.id() + ' ') ? ENSEMBLE : NETWORK;
    }
}
