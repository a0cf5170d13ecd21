package io.millrace.learner;

import io.millrace.nn.Architecture;
import io.millrace.nn.Network;
import io.millrace.nn.Trainer;
import io.millrace.nn.kernels.KernelsProvider;
import java.util.function.Consumer;

/**
 * Learns from a stream, one example after the other, and reports how well it predicted each before it learned it.
 *
 * <p>Examples gather in an open mini-batch; when it closes they are predicted, judged, and learned by one optimizer step.
 * Weights and target statistics change at no other moment, so that they are the ones that would have predicted it on arrival;
 * features alone are standardised with statistics up to the example itself, which needs no label. The state after n examples is a pure function of the specification and of those examples in their order. For one thread.
 * Learning an example allocates nothing; a report does.
 */
public final class Learner {
    /** A weight that stands for more examples than this is a mistake, and would destroy the network. */
    private static final float MOST_WEIGHT = 1_000_000;

    private final LearnerSpec spec;
    private final Consumer<Report> reports;
    private final Labels labels;
    private final Network network;
    private final Trainer trainer;
    private final MiniBatch batch;
    private final Evaluation evaluation;
    private final Standardizer standardizer; // null: features enter as they are
    private final TargetScaler targetScaler; // null: targets enter as they are
    private final float[] losses; // [batchSize]
    private final float[] scores; // [batchSize x outputs]
    private final float[] trueTargets; // [batchSize x targetWidth], in their unit
    private long learned;

    /**
     * A learner that has seen nothing.
     *
     * @param spec what it is made of
     * @param reports receives a report with the first step that brings {@link LearnerSpec#reportExamples} examples
     */
    public Learner(LearnerSpec spec, Consumer<Report> reports) {
        this.spec = spec;
        this.reports = reports;
        Architecture architecture = spec.architecture();
        labels = new Labels(spec.task(), spec.classes());
        network = new Network(architecture, KernelsProvider.kernels());
        trainer = new Trainer(
                network,
                spec.descent().optimizer(),
                spec.descent().penalties(),
                spec.descent().clipping(),
                spec.batchSize(),
                spec.seed());
        network.initialize(trainer.parameters(), spec.initializer(), spec.seed());
        batch = new MiniBatch(spec.batchSize(), architecture.inputs(), spec.targetWidth(), spec.batchWindowMs());
        evaluation = new Evaluation(spec.task(), spec.fading());
        standardizer =
                spec.standardizeFeatures() ? new Standardizer(architecture.inputs(), spec.standardizeRate()) : null;
        targetScaler = spec.standardizeTargets() ? new TargetScaler(spec.targetWidth()) : null;
        losses = new float[spec.batchSize()];
        scores = new float[spec.batchSize() * architecture.outputs()];
        trueTargets = targetScaler == null ? batch.targets : new float[batch.targets.length];
    }

    /**
     * Takes one example in. Learns the open mini-batch first if this example lies beyond its window, and afterwards if it
     * is full.
     *
     * @param features one finite value for each input; copied
     * @param target as {@link Labels} encodes it, [{@link LearnerSpec#targetWidth}]; copied
     * @param weight scales the example's share of the gradient; 0 to 1,000,000
     * @param timestamp event time, ms, not negative
     * @throws BadInputException when the example does not fit; nothing has changed then
     */
    public void learn(float[] features, float[] target, float weight, long timestamp) {
        FeatureCheck.check(features, spec.architecture().inputs());
        labels.check(target, spec.targetWidth());
        if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
            throw new BadInputException("the weight is " + weight + ", not a number from 0 to " + (int) MOST_WEIGHT);
        }
        if (timestamp < 0) {
            throw new BadInputException("the timestamp is " + timestamp + ", before 1970");
        }
        if (batch.closesBefore(timestamp)) {
            step();
        }
        batch.add(features, target, weight, timestamp);
        if (batch.full()) {
            step();
        }
    }

    private void step() {
        int rows = batch.rows();
        boolean reporting = evaluation.sinceReport() + rows >= spec.reportExamples();
        if (standardizer != null) {
            scaleFeatures(rows);
        }
        if (targetScaler != null) {
            scaleTargets(rows);
        }
        float learningRate = spec.descent().schedule().learningRate(trainer.steps());
        trainer.step(batch.inputs, batch.targets, batch.weights, rows, learningRate, losses, scores, reporting);
        evaluate(rows);
        if (targetScaler != null) {
            targetScaler.refresh();
        }
        learned += rows;
        batch.clear();
        if (reporting) {
            reports.accept(evaluation.report(trainer.steps(), learned, decimal(learningRate), trainer.gradientNorm()));
        }
    }

    /** The number that people write: 0.002, and not 0.0020000000949949026. */
    private static double decimal(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    /** Row by row, each by the statistics of the rows up to itself; on closing, so that the statistics belong to a version. */
    private void scaleFeatures(int rows) {
        int width = spec.architecture().inputs();
        for (int row = 0; row < rows; row++) {
            standardizer.standardize(batch.inputs, row * width);
        }
    }

    private void scaleTargets(int rows) {
        int width = spec.targetWidth();
        System.arraycopy(batch.targets, 0, trueTargets, 0, rows * width);
        for (int row = 0; row < rows; row++) {
            targetScaler.update(trueTargets, row * width);
        }
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < width; k++) {
                batch.targets[row * width + k] = targetScaler.scale(trueTargets[row * width + k], k);
            }
        }
    }

    private void evaluate(int rows) {
        for (int row = 0; row < rows; row++) {
            switch (spec.task()) {
                case CLASSIFICATION -> evaluation.observeClass(losses[row], classRight(row) ? 1 : 0);
                case MULTILABEL -> evaluation.observeClass(losses[row], shareOfRightLabels(row));
                case REGRESSION -> judgeTargets(row);
            }
            evaluation.observeTimestamp(batch.timestamps[row]);
        }
    }

    private boolean classRight(int row) {
        int outputs = spec.architecture().outputs();
        return Decision.predictedClass(scores, row * outputs, outputs) == (int) batch.targets[row];
    }

    private double shareOfRightLabels(int row) {
        int outputs = spec.architecture().outputs();
        int right = 0;
        for (int i = row * outputs; i < (row + 1) * outputs; i++) {
            right += scores[i] > 0.5f == batch.targets[i] > 0.5f ? 1 : 0;
        }
        return (double) right / outputs;
    }

    private void judgeTargets(int row) {
        int outputs = spec.architecture().outputs();
        double absolute = 0;
        double squared = 0;
        for (int k = 0; k < outputs; k++) {
            int i = row * outputs + k;
            double predicted = targetScaler == null ? scores[i] : targetScaler.unscale(scores[i], k);
            double error = predicted - trueTargets[i];
            absolute += Math.abs(error);
            squared += error * error;
        }
        evaluation.observeTarget(squared / 2, absolute / outputs, squared / outputs);
    }

    /** @return examples learned: the version of the weights. Those in the open mini-batch do not count yet */
    public long version() {
        return learned;
    }

    /** @return examples that wait in the open mini-batch */
    public int waiting() {
        return batch.rows();
    }

    /** @return event time at which the open mini-batch was opened, ms; meaningless when none waits */
    public long openedAt() {
        return batch.openedAt();
    }

    /** @return stream time: the highest event time of all examples taken in, ms */
    public long streamTime() {
        return batch.streamTime();
    }

    /** @return the evaluation of all examples learned */
    public Score score() {
        return evaluation.score();
    }

    /** @return a copy of what a prediction needs, as of now */
    public Model model() {
        float[] parameters = new float[network.parameterCount()];
        network.toCanonical(trainer.parameters(), parameters);
        float[] state = new float[network.stateCount()];
        network.stateToCanonical(trainer.state(), state);
        Standardizer targets = targetScaler == null ? null : targetScaler.statistics();
        return new Model(
                spec.architecture(),
                spec.task(),
                spec.classes(),
                learned,
                parameters,
                state,
                standardizer == null ? new double[0] : standardizer.means().clone(),
                standardizer == null ? new double[0] : standardizer.variances().clone(),
                targets == null ? new double[0] : targets.means().clone(),
                targets == null ? new double[0] : targets.variances().clone());
    }

    /** Writes all that steers learning, except for the examples of the open mini-batch. */
    public void save(StateWriter out) {
        out.putText(spec.fingerprint());
        out.putLong(learned);
        out.putLong(trainer.steps());
        batch.saveClock(out);
        evaluation.save(out);
        if (standardizer != null) {
            standardizer.save(out);
        }
        if (targetScaler != null) {
            targetScaler.save(out);
        }
        float[] canonical = new float[network.parameterCount()];
        saveParameters(trainer.parameters(), canonical, out);
        for (float[] moment : trainer.moments()) {
            saveParameters(moment, canonical, out);
        }
        if (network.stateCount() > 0) {
            float[] state = new float[network.stateCount()];
            network.stateToCanonical(trainer.state(), state);
            out.putFloats(state, state.length);
        }
    }

    private void saveParameters(float[] padded, float[] canonical, StateWriter out) {
        network.toCanonical(padded, canonical);
        out.putFloats(canonical, canonical.length);
    }

    /**
     * Continues where the learner that wrote this state was. A learner that has refused a state is of no use any more.
     *
     * @throws IllegalStateException when the state is damaged or belongs to a learner of another shape
     */
    public void restore(StateReader in) {
        String fingerprint = in.getText();
        if (!fingerprint.equals(spec.fingerprint())) {
            throw new IllegalStateException(
                    "the saved learner is [" + fingerprint + "], the configured one is [" + spec.fingerprint()
                            + "]: restore the former configuration, or give the new model a model.name and an application.id of its own");
        }
        learned = in.getCount();
        trainer.steps(in.getCount());
        batch.restoreClock(in);
        evaluation.restore(in);
        if (standardizer != null) {
            standardizer.restore(in);
        }
        if (targetScaler != null) {
            targetScaler.restore(in);
        }
        float[] canonical = new float[network.parameterCount()];
        restoreParameters(trainer.parameters(), canonical, in);
        for (float[] moment : trainer.moments()) {
            restoreParameters(moment, canonical, in);
        }
        if (network.stateCount() > 0) {
            float[] state = new float[network.stateCount()];
            in.getFloats(state, state.length);
            network.stateFromCanonical(state, trainer.state());
        }
    }

    private void restoreParameters(float[] padded, float[] canonical, StateReader in) {
        in.getFloats(canonical, canonical.length);
        network.fromCanonical(canonical, padded);
    }

    /** Writes the examples of the open mini-batch. */
    public void saveBatch(StateWriter out) {
        batch.saveRows(out);
    }

    /**
     * Takes back the examples of an open mini-batch. A learner that has refused them is of no use any more.
     *
     * @throws IllegalStateException when the state is damaged or does not fit
     */
    public void restoreBatch(StateReader in) {
        batch.restoreRows(in);
    }
}
