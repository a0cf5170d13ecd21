package io.millrace.learner.network;

import io.millrace.learner.evaluation.ExplainedScore;
import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.input.Decision;
import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.network.Saliency;
import io.millrace.nn.network.Trainer;

/** Explains predictions of one network by gradient x input; see {@link FieldSummary}. Allocates nothing after construction. */
final class Attribution {
    private final Trainer trainer;
    private final Saliency saliency;
    private final ExplainedScore score;
    private final Tokens tokens; // of one row
    private final float[] inputs; // of one row
    private final double[] ofNumbers;
    private final double[] ofTables;
    private final int outputs;

    Attribution(LearnerSpec spec, Trainer trainer) {
        this.trainer = trainer;
        saliency = trainer.saliency();
        outputs = spec.architecture().outputs();
        score = new ExplainedScore(spec, outputs);
        inputs = new float[spec.architecture().inputs()];
        ofNumbers = new double[inputs.length];
        ofTables = new double[spec.architecture().tables().size()];
        tokens = new Tokens(1, ofTables.length);
    }

    /**
     * Explains those rows of a mini-batch that are due.
     *
     * @param batch learned right before, standardised
     * @param scores of the predictions, [rows x outputs]
     */
    void explain(MiniBatch batch, float[] scores, FieldSummary fields) {
        for (int row = 0; row < batch.rows(); row++) {
            if (fields.isDue()) {
                int predicted = Decision.predictedClass(scores, row * outputs, outputs);
                explain(batch, row, score.weights(predicted, fields.explained()));
                fields.explain(ofNumbers, ofTables);
            }
        }
    }

    private void explain(MiniBatch batch, int row, float[] weights) {
        System.arraycopy(batch.inputs, row * inputs.length, inputs, 0, inputs.length);
        if (ofTables.length > 0) {
            tokens.copyRow(batch.tokens, row);
        }
        saliency.compute(trainer.parameters(), trainer.state(), inputs, tokens, weights);
        float[] gradient = saliency.byInputs();
        for (int j = 0; j < ofNumbers.length; j++) {
            ofNumbers[j] = Float.isNaN(inputs[j]) ? 0 : (double) gradient[j] * inputs[j]; // NaN: padding
        }
        for (int t = 0; t < ofTables.length; t++) {
            ofTables[t] = saliency.ofVector(t);
        }
    }
}
