package io.millrace.learner.input;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** The last check before an example counts: refuses examples that a learner cannot use. Allocates nothing. */
public final class ExampleCheck {
    /** A weight above this is surely a mistake and would destroy the network. */
    private static final float MOST_WEIGHT = 1_000_000;

    private final int inputs;
    private final TargetCheck targets;
    private final OutlierFilter outliers;

    /** The checks for a learner of this specification. */
    public ExampleCheck(LearnerSpec spec) {
        inputs = spec.architecture().inputs();
        targets = new TargetCheck(spec.task(), spec.classes().size(), spec.targetWidth());
        outliers = new OutlierFilter(spec.guard().outlierFactor(), spec.guard().maxConsecutive());
    }

    /**
     * Checks an example that is to be learned. Its largest numbers enter the measure of outliers.
     *
     * @throws BadInputException when it is refused
     */
    public void learned(float[] features, float[] target, float weight, long timestamp) {
        float feature = FeatureCheck.check(features, inputs);
        float largest = targets.check(target);
        check(weight, timestamp);
        outliers.take(feature, largest);
    }

    /**
     * Checks an example that is held out, and changes nothing.
     *
     * @throws BadInputException when it is refused
     */
    public void heldOut(float[] features, float[] target, float weight, long timestamp) {
        float feature = FeatureCheck.check(features, inputs);
        float largest = targets.check(target);
        check(weight, timestamp);
        outliers.check(feature, largest);
    }

    /**
     * Checks an example from a saved mini-batch. It is in the measure of outliers already.
     *
     * @throws BadInputException when it is refused
     */
    public void restored(RefusedBatch.Example example) {
        FeatureCheck.check(example.features(), inputs);
        targets.check(example.target());
        check(example.weight(), example.timestamp());
    }

    private static void check(float weight, long timestamp) {
        if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
            throw new BadInputException("the weight is " + weight + ", not a number from 0 to " + (int) MOST_WEIGHT);
        }
        if (timestamp < 0) {
            throw new BadInputException("the timestamp is " + timestamp + ", before 1970");
        }
    }

    /** Writes the measure of outliers. */
    public void save(StateWriter out) {
        outliers.save(out);
    }

    /** Reads what {@link #save} wrote. */
    public void restore(StateReader in) {
        outliers.restore(in);
    }
}
