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

    /** With more features there are no bins. */
    private static final int BINS_UP_TO = 128;

    /** The members for this number of features. */
    public static List<MemberSpec> of(int features) {
        boolean bins = features <= BINS_UP_TO;
        MemberSpec linear = new MemberSpec("linear", true, false, false, List.of(), 0.002, 1, 0, false);
        MemberSpec swift = new MemberSpec("swift", true, true, bins, List.of(64), 0.002, 1, 0, false);
        MemberSpec steady = new MemberSpec("steady", true, false, false, List.of(64, 32), 0.004, 8, 24, true);
        MemberSpec binned = new MemberSpec("binned", false, false, true, List.of(64), 0.004, 8, 24, true);
        return bins ? List.of(linear, swift, steady, binned) : List.of(linear, swift, steady);
    }

    /** All members for this number of features in one line, for the shape of a saved state. */
    static String shape(int features) {
        return of(features).stream()
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
    public int dense(int features) {
        return (slow ? features : 0) + (fast ? features : 0);
    }

    /** Sparse inputs of its first layer. */
    public int sparse(int features) {
        return bins ? features * BINS : 0;
    }

    /** Parameters of its network. */
    public long parameters(int features, int outputs) {
        long inputs = dense(features) + (long) sparse(features);
        long count = 0;
        for (int units : hidden) {
            count += (inputs + 1) * units;
            inputs = units;
        }
        return count + (inputs + 1) * outputs;
    }
}
