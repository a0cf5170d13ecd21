package io.millrace.learner.input;

import io.millrace.feature.DenseInput;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.List;

/** The last check before an example counts: refuses examples that a learner cannot use. Allocates nothing. */
public final class ExampleCheck {
    /** A weight above this is surely a mistake and would destroy the network. */
    private static final float MOST_WEIGHT = 1_000_000;

    private final RowCheck rows;
    private final TargetCheck targets;
    private final OutlierFilter outliers;

    /** The checks for a learner of this specification. */
    public ExampleCheck(LearnerSpec spec) {
        InputLayout layout = spec.layout();
        rows = new RowCheck(layout, spec.architecture().inputs(), spec.sequence());
        targets = new TargetCheck(spec.task(), spec.classes().size(), spec.targetWidth());
        List<String> names = layout == null
                ? null
                : layout.inputs().stream().map(DenseInput::name).toList();
        outliers = new OutlierFilter(spec.guard().outlierFactor(), spec.guard().maxConsecutive(), names);
    }

    /**
     * Checks an example that is to be learned. Its magnitudes enter the measures of outliers.
     *
     * @throws BadInputException when it is refused
     */
    public void learned(InputRow row, float[] target, float weight, long timestamp) {
        float largest = check(row, target, weight, timestamp, false);
        outliers.take(rows.magnitudes(), largest);
    }

    /**
     * Checks an example that is held out, and changes nothing.
     *
     * @throws BadInputException when it is refused
     */
    public void heldOut(InputRow row, float[] target, float weight, long timestamp) {
        float largest = check(row, target, weight, timestamp, false);
        outliers.check(rows.magnitudes(), largest);
    }

    /**
     * Checks the examples of a saved mini-batch. They are in the measures of outliers already, and lack features that were added since.
     *
     * @throws BadInputException when one is refused
     */
    public void restored(MiniBatch batch) {
        List<RefusedBatch.Example> examples = batch.examples();
        for (int i = 0; i < examples.size(); i++) {
            RefusedBatch.Example example = examples.get(i);
            check(batch.row(i), example.target(), example.weight(), example.timestamp(), true);
        }
    }

    /** Returns the largest magnitude of a target. */
    private float check(InputRow row, float[] target, float weight, long timestamp, boolean lacking) {
        rows.check(row, lacking);
        float largest = targets.check(target);
        check(weight, timestamp);
        return largest;
    }

    private static void check(float weight, long timestamp) {
        if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
            throw new BadInputException(
                    BadInputCause.WEIGHT, "the weight is " + weight + ", not a number from 0 to " + (int) MOST_WEIGHT);
        }
        if (timestamp < 0) {
            throw new BadInputException(BadInputCause.TIME, "the timestamp is " + timestamp + ", before 1970");
        }
    }

    /** Writes the measure of outliers. */
    public void save(StateWriter out) {
        outliers.save(out);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param saved number of inputs then. Those behind them are new, and have no measure yet
     */
    public void restore(StateReader in, int saved) {
        outliers.restore(in, saved);
    }
}
