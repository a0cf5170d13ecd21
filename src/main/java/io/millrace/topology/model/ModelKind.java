package io.millrace.topology.model;

import io.millrace.avro.ModelSpec;
import io.millrace.feature.Declaration;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A kind of model. It creates the learner of a configuration, and translates versions to chunk 0 of a snapshot and back. Training, serving
 * and {@code verify} use a kind only through this interface.
 *
 * <p>{@link NetworkKind} is the kind of all configurations and snapshots that no other kind claims. Other kinds are found by {@link
 * ServiceLoader}: an implementation has a public constructor without parameters, and a line in {@code META-INF/services}.
 * Implementations are stateless.
 */
public interface ModelKind {
    /** Whether a configuration asks for this kind. */
    boolean learns(LearnerSpec spec);

    /**
     * Creates a learner that has seen no example.
     *
     * @param reports receives the learner's reports
     * @param refusals receives each mini-batch that was not learned
     */
    Learner learner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals);

    /** Whether a model is of this kind. */
    boolean describes(Model model);

    /** Describes a model: all that a prediction needs, except {@link Model#parameters} and {@link Model#version}. */
    ModelSpec describe(Model model);

    /** Whether {@link #describe} of this kind made a specification. */
    boolean reads(ModelSpec spec);

    /**
     * The inverse of {@link #describe}.
     *
     * @param declaration how records become features; null if they are {@code Features}. It is not part of the specification
     * @throws IllegalArgumentException when the specification names something that this Millrace version does not know
     */
    Model model(ModelSpec spec, Declaration declaration, long version, float[] parameters);

    /** Tells people what is in a model of this kind: a heading of one word, and its text. */
    Map.Entry<String, String> summary(Model model);

    /**
     * Compares two models of this kind and of one version.
     *
     * @param published the model of a snapshot
     * @param replayed the model that was learned again
     * @return a sentence without subject and full stop that names the first place that differs and both values; empty when all bits are equal
     */
    Optional<String> difference(Model published, Model replayed);

    /** The kind that a configuration asks for. */
    static ModelKind of(LearnerSpec spec) {
        return first(kind -> kind.learns(spec));
    }

    /** The kind of a model. */
    static ModelKind of(Model model) {
        return first(kind -> kind.describes(model));
    }

    /** The kind that made a specification. */
    static ModelKind of(ModelSpec spec) {
        return first(kind -> kind.reads(spec));
    }

    private static ModelKind first(Predicate<ModelKind> matches) {
        return Further.KINDS.stream().filter(matches).findFirst().orElse(NetworkKind.INSTANCE);
    }

    /** Kinds besides the network, loaded once. */
    final class Further {
        private static final List<ModelKind> KINDS = ServiceLoader.load(ModelKind.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();

        private Further() {}
    }
}
