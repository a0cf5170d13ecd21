package io.millrace.learner.evaluation;

import io.millrace.feature.InputRow;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Trainer;
import java.util.Map;

/**
 * Evaluates the examples that are held out. Each is predicted when it arrives, with the current weights and statistics, and changes
 * neither. So the loss is measured on data that training never sees. These examples count in a separate counter. Allocates nothing after
 * construction, except for a score.
 */
public final class HoldoutEvaluation {
    private final ExampleMetrics metrics;
    private final float[] inputs; // one row
    private final float[] scores; // [outputs]
    private final float[] losses = new float[1];
    private final Tokens tokens;
    private final RunningMeans report = new RunningMeans(ExampleMetrics.QUANTITIES, 1);
    private long examples;

    public HoldoutEvaluation(ExampleMetrics metrics, Architecture architecture) {
        this.metrics = metrics;
        inputs = new float[architecture.inputs()];
        tokens = new Tokens(1, architecture.tables().size());
        int outputs = architecture.outputs();
        scores = new float[outputs];
    }

    /**
     * Evaluates an example.
     *
     * @param row checked features; not modified
     * @param target checked target, in its unit
     * @throws BadInputException when the loss is not finite; nothing has changed then
     */
    public void evaluate(InputRow row, float[] target, Trainer trainer, Preprocessing preprocessing) {
        preprocessing.scaleForPrediction(row, inputs);
        tokens.clear();
        tokens.add(row.ids(), row.ends());
        trainer.tokens(tokens);
        trainer.evaluate(inputs, target, 1, losses, scores);
        if (!Float.isFinite(losses[0])) {
            throw new BadInputException("the loss is " + losses[0] + ": the features are too large for these weights");
        }
        if (metrics.ready()) {
            report.add(metrics.of(losses[0], scores, 0, target, 0));
        }
        examples++;
    }

    /** Number of examples evaluated so far. */
    public long examples() {
        return examples;
    }

    /**
     * Summarises the examples since the last report and starts the next one.
     *
     * @param first whether this is the first report, which also counts the examples that arrived before evaluation was possible
     * @return the score; null if there were no examples; with a loss of NaN and without metrics if none could be evaluated
     */
    public Score report(boolean first) {
        long evaluated = report.count();
        long all = first ? examples : evaluated;
        Score score = all == 0
                ? null
                : new Score(
                        all,
                        evaluated == 0 ? Double.NaN : metrics.loss(report),
                        evaluated == 0 ? Map.of() : metrics.metrics(report));
        report.clear();
        return score;
    }

    public void save(StateWriter out) {
        out.putLong(examples);
        report.save(out);
    }

    public void restore(StateReader in) {
        examples = in.getCount();
        report.restore(in);
    }
}
