package io.millrace.learner.spec;

import io.millrace.nn.layer.Table;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A member of the ensemble: what it sees, and how it learns.
 *
 * @param name name in reports
 * @param slow whether it sees the features by their long statistics
 * @param fast whether it sees the features by their short statistics
 * @param bins whether it sees the place of each feature among bins
 * @param tables whether it has tables of learned vectors, which are its own. Those of a member that averages are not averaged
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
        boolean tables,
        List<Integer> hidden,
        double rate,
        int batch,
        int replayed,
        boolean averages) {
    /** Bins of a feature. */
    public static final int BINS = 16;

    /** Number of recent examples that are kept for replay. */
    public static final int RECENT = 1024;

    /** Tables are behind the layers in the parameters, and bins behind tables: what is averaged is one range. */
    public MemberSpec {
        if (tables && bins && averages) {
            throw new IllegalArgumentException(name + " averages, and has both tables and bins: give one of them");
        }
    }

    /** The members for these inputs; one that would see none of them is left out. */
    public static List<MemberSpec> of(EnsembleInputs inputs) {
        boolean bins = !inputs.placed().isEmpty();
        MemberSpec linear = new MemberSpec("linear", true, false, false, true, List.of(), 0.002, 1, 0, false);
        MemberSpec swift = new MemberSpec("swift", true, true, bins, true, List.of(64), 0.002, 1, 0, false);
        MemberSpec steady = new MemberSpec("steady", true, false, false, true, List.of(64, 32), 0.004, 8, 24, true);
        MemberSpec binned = new MemberSpec("binned", false, false, true, false, List.of(64), 0.004, 8, 24, true);
        return Stream.of(linear, swift, steady, binned)
                .filter(member -> member.seesAny(inputs))
                .toList();
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

    private boolean seesAny(EnsembleInputs inputs) {
        return dense(inputs) + sparse(inputs) > 0 || !tables(inputs).isEmpty();
    }

    /** The tables that it has. */
    public List<Table> tables(EnsembleInputs inputs) {
        return tables ? inputs.tables() : List.of();
    }

    /** Sparse inputs of its first layer. */
    public int sparse(EnsembleInputs inputs) {
        return bins ? inputs.placed().size() * BINS : 0;
    }

    /** Parameters of its network. */
    public long parameters(EnsembleInputs inputs, int outputs) {
        long width = dense(inputs) + (long) sparse(inputs);
        long count = 0;
        for (Table table : tables(inputs)) {
            width += table.width();
        }
        count += ofTables(inputs);
        for (int units : hidden) {
            count += (width + 1) * units;
            width = units;
        }
        return count + (width + 1) * outputs;
    }

    private long ofTables(EnsembleInputs inputs) {
        return tables(inputs).stream()
                .mapToLong(table -> (long) table.rows() * table.width())
                .sum();
    }

    /** Parameters of its network that it averages, which are the first ones; 0 if it does not average. */
    public long averaged(EnsembleInputs inputs, int outputs) {
        return averages ? parameters(inputs, outputs) - ofTables(inputs) : 0;
    }
}
