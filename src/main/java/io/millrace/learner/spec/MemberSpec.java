package io.millrace.learner.spec;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A member of the ensemble: what it sees, and how it learns.
 *
 * @param name name in reports
 * @param slow whether it sees the features by their long statistics
 * @param fast whether it sees the features by their short statistics
 * @param bins whether it sees the place of each feature among bins
 * @param hidden units of the hidden layers
 * @param rate learning rate
 * @param batch new rows in a step; with 1 it learns each example at once, and can neither replay nor average
 * @param replayed earlier rows in a step
 * @param averages whether the average of its weights is an expert of its own
 */
public record MemberSpec(
        String name,
        boolean slow,
        boolean fast,
        boolean bins,
        List<Integer> hidden,
        double rate,
        int batch,
        int replayed,
        boolean averages) {
    /** Bins of a feature. */
    public static final int BINS = 16;

    /** Number of recent examples that are kept for replay. */
    public static final int RECENT = 1024;

    /** The members for these inputs. */
    public static List<MemberSpec> of(EnsembleInputs inputs) {
        boolean bins = !inputs.placed().isEmpty();
        MemberSpec linear = new MemberSpec("linear", true, false, false, List.of(), 0.002, 1, 0, false);
        MemberSpec swift = new MemberSpec("swift", true, true, bins, List.of(64), 0.002, 1, 0, false);
        MemberSpec steady = new MemberSpec("steady", true, false, false, List.of(64, 32), 0.004, 8, 24, true);
        MemberSpec binned = new MemberSpec("binned", false, false, true, List.of(64), 0.004, 8, 24, true);
        return bins ? List.of(linear, swift, steady, binned) : List.of(linear, swift, steady);
    }

    /** All members for these inputs in one line, for the shape of a saved state. */
    static String shape(EnsembleInputs inputs) {
        return of(inputs).stream()
                .map(spec -> spec.name + spec.hidden)
                .collect(Collectors.joining(","))
                .replace(" ", "");
    }

    /** Whether it learns each example at once. */
    public boolean online() {
        return batch == 1;
    }

    /** Names of the experts that it is: averaged weights before the newest ones. */
    public List<String> experts() {
        return averages ? List.of(name + "-average", name) : List.of(name);
    }

    /** Numbers that enter its first layer. */
    public int dense(EnsembleInputs inputs) {
        return (slow ? inputs.numbers() : 0) + (fast ? inputs.numbers() : 0);
    }

    /** Sparse inputs of its first layer. */
    public int sparse(EnsembleInputs inputs) {
        return bins ? inputs.placed().size() * BINS : 0;
    }

    /** Parameters of its network. */
    public long parameters(EnsembleInputs inputs, int outputs) {
        long width = dense(inputs) + (long) sparse(inputs);
        long count = 0;
        for (int units : hidden) {
            count += (width + 1) * units;
            width = units;
        }
        return count + (width + 1) * outputs;
    }
}
