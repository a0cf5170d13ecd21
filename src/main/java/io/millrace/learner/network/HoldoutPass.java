package io.millrace.learner.network;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.HoldoutEvaluation;
import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Preprocessing;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Trainer;

/** Predicts the examples that are held out with one network. Allocates nothing after construction. */
final class HoldoutPass {
    private final HoldoutEvaluation evaluation;
    private final float[] inputs; // one row
    private final float[] scores; // [outputs]
    private final float[] losses = new float[1];
    private final Tokens tokens;

    HoldoutPass(HoldoutEvaluation evaluation, Architecture architecture) {
        this.evaluation = evaluation;
        inputs = new float[architecture.inputs()];
        tokens = new Tokens(1, architecture.tables().size());
        scores = new float[architecture.outputs()];
    }

    /**
     * Evaluates an example with the current weights and statistics, and changes neither.
     *
     * @param row checked features; not modified
     * @param target checked target, in its unit
     * @throws BadInputException when the loss is not finite; nothing has changed then
     */
    void evaluate(InputRow row, float[] target, Trainer trainer, Preprocessing preprocessing) {
        preprocessing.scaleForPrediction(row, inputs);
        tokens.clear();
        tokens.add(row.ids(), row.ends());
        trainer.tokens(tokens);
        trainer.evaluate(inputs, target, 1, losses, scores);
        if (!Float.isFinite(losses[0])) {
            throw new BadInputException(
                    BadInputCause.OVERFLOW,
                    "the loss is " + losses[0] + ": the features are too large for these weights");
        }
        evaluation.observe(losses[0], scores, target);
    }
}
