package io.millrace.learner.input;

import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;

/** Running means and variances by which the features of one row after the other become inputs. Allocates nothing per row. */
public interface FeatureStatistics {
    /**
     * Statistics without rows.
     *
     * @param layout of declared features; null for {@code Example}s
     * @param inputs number of inputs
     * @param rate minimum weight of a new row, in [0, 1)
     */
    static FeatureStatistics of(InputLayout layout, int inputs, double rate) {
        return layout == null ? new Standardizer(inputs, rate) : new NumberStatistics(layout.inputs(), rate, false);
    }

    /**
     * Adds a row, then scales it.
     *
     * @param inputs {@code [inputs]}, overwritten; a missing number becomes 0
     */
    void standardize(Kernels kernels, InputRow row, float[] inputs);

    /**
     * Adds a row.
     *
     * @param numbers {@code [inputs]}: features, or numbers, of which NaN is a missing one
     * @param least minimum weight of this row, in place of the rate
     */
    void update(double[] numbers, double least);

    /** @return number of rows, live: one number for all inputs, or for each input that of the rows where it was not missing */
    long[] counts();

    /** @return running means, live, {@code [inputs]} */
    double[] means();

    /** @return running population variances, live, {@code [inputs]} */
    double[] variances();

    /** Copies the statistics of the same features. */
    default void copy(FeatureStatistics other) {
        set(other.counts(), other.means(), other.variances());
    }

    /**
     * Sets the statistics.
     *
     * @param counts as {@link #counts} has them; this and the other arrays are copied
     */
    void set(long[] counts, double[] means, double[] variances);

    void save(StateWriter out);

    /**
     * Reads what {@link #save} wrote.
     *
     * @param saved number of inputs then. Those behind them are new, and have no rows yet
     */
    void restore(StateReader in, int saved);
}
