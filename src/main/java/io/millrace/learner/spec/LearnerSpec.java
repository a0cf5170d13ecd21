package io.millrace.learner.spec;

import io.millrace.feature.Declaration;
import io.millrace.feature.FeatureSet;
import io.millrace.feature.InputLayout;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Table;
import io.millrace.nn.network.Architecture;
import java.util.List;

/**
 * The specification of a learner. Together with the examples it determines the learner completely.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param initializer distribution of the initial weights
 * @param seed seed of the initial weights, of dropout and of the holdout
 * @param optimization settings of the optimizer steps
 * @param batchSize number of examples in a full mini-batch
 * @param batchWindowMs event time after which an unfilled mini-batch closes, ms
 * @param batchMaxAdvance how many windows a single example can move stream time forward; 0: no limit
 * @param standardizeFeatures whether features are standardised
 * @param standardizeTargets whether targets are standardised; regression only
 * @param standardizeRate minimum weight of a new example in the features' mean and variance; 0: no minimum
 * @param validation settings of the evaluation
 * @param guard limits beyond which examples and mini-batches are refused
 * @param rules revision of the learning rules, which are not settings. The rules of earlier versions of Millrace are kept, so that a replay
 *     gives the same bits. 1: the first rules. 2: doubles are accepted as floats; where targets are scaled, nothing is evaluated before
 *     their first statistics. 3: a sequence may be shorter than the network's; other models have no use for it and stay at 2. A change of
 *     what is learned or evaluated needs a condition on the revision, such as {@code rules >= 2}
 * @param declaration how records become examples; null if they are {@code Example}s
 * @param kind what learns. The architecture of an ensemble is its output layer, which says what enters and what is predicted; an ensemble
 *     has no use for the initializer, the optimization and the settings of standardisation
 */
public record LearnerSpec(
        Architecture architecture,
        Task task,
        List<String> classes,
        Initializer initializer,
        long seed,
        Optimization optimization,
        int batchSize,
        long batchWindowMs,
        int batchMaxAdvance,
        boolean standardizeFeatures,
        boolean standardizeTargets,
        double standardizeRate,
        Validation validation,
        GuardLimits guard,
        int rules,
        Declaration declaration,
        LearnerKind kind) {

    /** The revision of the rules that new models use. */
    public static final int NEWEST_RULES = 3;

    /** The first revision by which a sequence may be shorter. */
    private static final int SHORTER_SEQUENCES = 3;

    /** Stands before the declared features in a {@link #fingerprint}. */
    public static final String FEATURES = " features=";

    /** Copies the list of classes and checks the ranges. */
    public LearnerSpec {
        classes = List.copyOf(classes);
        require(batchSize >= 1, "batchSize", batchSize, "at least 1");
        require(batchWindowMs >= 1, "batchWindowMs", batchWindowMs, "at least 1");
        require(batchMaxAdvance >= 0, "batchMaxAdvance", batchMaxAdvance, "at least 0");
        require(standardizeRate >= 0 && standardizeRate < 1, "standardizeRate", standardizeRate, "a number in [0, 1)");
        task.require(architecture, classes);
        InputLayout layout = layout(declaration);
        if (layout != null && !architecture.inputsAre(layout.inputs().size(), tables(layout))) {
            throw new IllegalArgumentException(
                    "the inputs of the network are not those of the features " + layout.declaration());
        }
        if (standardizeTargets && task != Task.REGRESSION) {
            throw new IllegalArgumentException("targets are standardised in a regression only, not in a " + task.id());
        }
    }

    /** A specification of a network for the features of {@code Example}s. */
    public LearnerSpec(
            Architecture architecture,
            Task task,
            List<String> classes,
            Initializer initializer,
            long seed,
            Optimization optimization,
            int batchSize,
            long batchWindowMs,
            int batchMaxAdvance,
            boolean standardizeFeatures,
            boolean standardizeTargets,
            double standardizeRate,
            Validation validation,
            GuardLimits guard,
            int rules) {
        this(
                architecture,
                task,
                classes,
                initializer,
                seed,
                optimization,
                batchSize,
                batchWindowMs,
                batchMaxAdvance,
                standardizeFeatures,
                standardizeTargets,
                standardizeRate,
                validation,
                guard,
                rules,
                null,
                LearnerKind.NETWORK);
    }

    private static InputLayout layout(Declaration declaration) {
        return declaration == null ? null : declaration.features().layout();
    }

    /** The inputs of declared features; null if records are {@code Example}s. */
    public InputLayout layout() {
        return layout(declaration);
    }

    /** The shape of a row of features whose first steps may be missing; null if all rows have all features. */
    public Shape sequence() {
        return rules < SHORTER_SEQUENCES ? null : sequence(architecture, declaration);
    }

    /**
     * The shape of a row of features for a network that reads them as a sequence: those of an {@code Example}, or of one field that was declared
     * with a shape. null for others, of which no step can be missing.
     */
    public static Shape sequence(Architecture architecture, Declaration declaration) {
        boolean whole = declaration == null || declaration.features().shape() != null;
        return whole ? architecture.inputSequence() : null;
    }

    /**
     * The revision of the rules for a network: those of shorter sequences only where they say something, so that the settings of other models stay
     * what they were.
     *
     * @param rules the newest that may be used
     */
    public static int rulesOf(Architecture architecture, Declaration declaration, int rules) {
        return sequence(architecture, declaration) == null ? Math.min(rules, SHORTER_SEQUENCES - 1) : rules;
    }

    /** The tables of the network for declared features. */
    public static List<Table> tables(InputLayout layout) {
        return layout.tables().stream()
                .map(table -> new Table(table.rows(), table.width()))
                .toList();
    }

    /**
     * The specification with the first of the declared features only.
     *
     * @throws IllegalArgumentException if the layers cannot be connected without the others
     */
    public LearnerSpec withFirstFeatures(int count) {
        FeatureSet first = declaration.features().first(count);
        return new LearnerSpec(
                new Architecture(
                        first.layout().inputs().size(),
                        tables(first.layout()),
                        architecture.layers(),
                        architecture.loss()),
                task,
                classes,
                initializer,
                seed,
                optimization,
                batchSize,
                batchWindowMs,
                batchMaxAdvance,
                standardizeFeatures,
                standardizeTargets,
                standardizeRate,
                validation,
                guard,
                rules,
                declaration.withFeatures(first),
                kind);
    }

    private static void require(boolean valid, String name, Number value, String range) {
        if (!valid) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give " + range);
        }
    }

    /** @return how far a single example can move stream time forward, ms */
    public long batchStepMs() {
        boolean any = batchMaxAdvance == 0 || batchWindowMs > Long.MAX_VALUE / batchMaxAdvance;
        return any ? Long.MAX_VALUE : batchMaxAdvance * batchWindowMs;
    }

    /** @return length of an encoded target */
    public int targetWidth() {
        return architecture.targetWidth();
    }

    /**
     * Describes the shape that saved state depends on. Learners with equal fingerprints can read each other's state.
     *
     * @return one line of text
     */
    public String fingerprint() {
        return kind == LearnerKind.NETWORK
                ? network()
                : kind.id() + ' ' + task.id() + ' ' + architecture.inputs() + '-' + architecture.outputs() + ' '
                        + MemberSpec.shape(EnsembleInputs.of(this)) + " classes=" + classes + declared();
    }

    private String network() {
        return task.id()
                + ' '
                + architecture.shape()
                + ' '
                + optimization.optimizer().name()
                + " classes="
                + classes
                + " standardize="
                + standardizeFeatures
                + ','
                + standardizeTargets
                + declared();
    }

    private String declared() {
        return declaration == null ? "" : FEATURES + declaration.features();
    }
}
