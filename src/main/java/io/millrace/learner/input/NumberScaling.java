package io.millrace.learner.input;

import io.millrace.feature.InputLayout;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Turns the numbers of declared features into inputs, standardised if the model standardises. They remain doubles until here, so that ids and
 * epochs above 2^24 keep their digits.
 */
final class NumberScaling implements FeatureScaling {
    private static final double[] NONE = {};

    private final NumberStatistics statistics; // null: numbers enter as they are
    private final NumberStatistics former; // before the last mini-batch
    private final RowScaler scaler;
    private final int width;

    /** @param sequence see {@link RowScaler#RowScaler} */
    NumberScaling(InputLayout layout, boolean standardizes, double rate, boolean sequence) {
        statistics = standardizes ? new NumberStatistics(layout.inputs(), rate, sequence) : null;
        former = standardizes ? new NumberStatistics(layout.inputs(), rate, sequence) : null;
        width = layout.inputs().size();
        scaler = new RowScaler(width, sequence);
    }

    @Override
    public void scale(MiniBatch batch) {
        if (statistics != null) {
            former.copy(statistics);
        }
        for (int row = 0; row < batch.rows(); row++) {
            if (statistics != null) {
                statistics.standardize(batch.numbers, row * width, batch.inputs);
            } else {
                scaler.scale(batch.numbers, row * width, NONE, NONE, batch.inputs, row * width);
            }
        }
    }

    @Override
    public void undo(MiniBatch batch) {
        if (statistics != null) {
            statistics.copy(former);
        }
    }

    @Override
    public double[] means() {
        return statistics == null ? NONE : statistics.means();
    }

    @Override
    public double[] variances() {
        return statistics == null ? NONE : statistics.variances();
    }

    @Override
    public void save(StateWriter out) {
        if (statistics != null) {
            statistics.save(out);
        }
    }

    @Override
    public void restore(StateReader in, int inputs) {
        if (statistics != null) {
            statistics.restore(in, inputs);
        }
    }
}
