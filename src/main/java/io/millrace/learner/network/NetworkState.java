package io.millrace.learner.network;

import io.millrace.learner.evaluation.CurvatureReports;
import io.millrace.learner.evaluation.Evaluation;
import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.evaluation.HoldoutEvaluation;
import io.millrace.learner.evaluation.TrueAndPredicted;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.ExampleCheck;
import io.millrace.learner.input.MiniBatch;
import io.millrace.learner.input.Preprocessing;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.Network;
import io.millrace.nn.network.Trainer;

/** The complete state of a {@link NetworkLearner}: the parts that it works with. Saves and restores them. */
final class NetworkState {
    final LearnerSpec spec;
    final Network network;
    final Trainer trainer;
    final ExampleCheck check;
    final MiniBatch batch;
    final Preprocessing preprocessing;
    final ExampleMetrics metrics;
    final Evaluation evaluation;
    final TrueAndPredicted outcomes;
    final FieldSummary fields;
    final Attribution attribution;
    final HoldoutEvaluation holdout; // null: nothing is held out
    final HoldoutPass holdoutPass; // null: nothing is held out
    final BestWeights best; // null: the current weights are the ones to be served
    final Guard guard;
    final CurvatureReports curvatures; // null: no report carries the curvature
    long learned;
    long nextPosition;
    private LearnerSpec former; // of the restored state if that had fewer features; else null

    /** The state of a new learner. */
    NetworkState(LearnerSpec spec) {
        this.spec = spec;
        Architecture architecture = spec.architecture();
        network = new Network(architecture, KernelsProvider.kernels());
        trainer = new Trainer(
                network,
                spec.optimization().optimizer(),
                spec.optimization().penalties(),
                spec.optimization().clipping(),
                spec.batchSize(),
                spec.seed());
        network.initialize(trainer.parameters(), spec.initializer(), spec.seed());
        check = new ExampleCheck(spec);
        batch = MiniBatch.of(spec);
        preprocessing = new Preprocessing(spec);
        metrics = new ExampleMetrics(spec.task(), architecture.outputs(), preprocessing.targets());
        evaluation = new Evaluation(metrics, spec.validation().fading());
        outcomes = TrueAndPredicted.of(spec, metrics, architecture.outputs());
        fields = new FieldSummary(spec);
        attribution = new Attribution(spec, trainer);
        holdout = spec.validation().holdsOut() ? new HoldoutEvaluation(metrics) : null;
        holdoutPass = holdout == null ? null : new HoldoutPass(holdout, architecture);
        best = spec.validation().stopsEarly() ? new BestWeights(spec, network) : null;
        guard = new Guard(spec, network);
        guard.start(trainer, preprocessing, evaluation.total(), 0);
        int every = spec.validation().curvatureEvery();
        curvatures = every > 0 ? new CurvatureReports(every) : null;
    }

    /** Whether the best weights are served instead of the current ones. */
    boolean servesBest() {
        return best != null && best.exist();
    }

    /** A copy of the current weights. */
    Weights current() {
        Weights copy = new Weights(spec, network);
        copy.copy(trainer, preprocessing, evaluation.total(), learned, nextPosition);
        return copy;
    }

    /** A copy of the best weights. */
    Weights bestCopy() {
        Weights copy = new Weights(spec, network);
        copy.copy(best.weights());
        return copy;
    }

    /** Writes the complete state, except for the examples of the open mini-batch. */
    void save(StateWriter out) {
        StateSections.of(spec).save(out);
        out.putLong(learned);
        out.putLong(nextPosition);
        out.putLong(trainer.steps());
        batch.streamTime().save(out);
        evaluation.save(out);
        preprocessing.save(out);
        new TrainerState(network, trainer).save(out);
        guard.save(out);
        check.save(out);
        if (holdout != null) {
            holdout.save(out);
        }
        if (best != null) {
            best.save(out);
        }
        if (guard.good() != null) {
            guard.good().save(out);
        }
        if (curvatures != null) {
            curvatures.save(out);
        }
        if (best != null) {
            out.putLong(best.weights().nextPosition());
        }
        if (spec.batchMaxAdvance() > 0) {
            batch.streamTime().saveDoubts(out);
        }
        outcomes.save(out);
        fields.save(out);
        if (spec.sequence() != null) {
            preprocessing.saveSteps(out);
            fields.saveSteps(out);
        }
    }

    /**
     * Restores a saved state, so that learning continues where it was. Holdout, early stopping, the guard's return and the curvature may have
     * been turned on or off since, and features may have been added at the end ({@link SavedShape}). A learner whose restore failed must not
     * be used any more.
     *
     * @throws OtherShapeException when the state belongs to a learner of another shape
     * @throws IllegalStateException when the state is damaged
     */
    void restore(StateReader in) {
        StateSections parts = StateSections.restore(in);
        SavedShape shape = SavedShape.of(spec, parts.shape());
        former = shape.grows() ? shape.spec() : null;
        learned = in.getCount();
        nextPosition = in.getCount();
        trainer.steps(in.getCount());
        batch.streamTime().restore(in);
        evaluation.restore(in);
        preprocessing.restore(in, shape.inputs());
        new TrainerState(network, trainer).restore(in, shape);
        guard.restore(in);
        check.restore(in, shape.inputs());
        if (parts.heldOut()) { // read even if it is not needed any more, because more sections may follow
            (holdout == null ? new HoldoutEvaluation(metrics) : holdout).restore(in);
        }
        if (parts.best()) {
            (best == null ? new BestWeights(spec, network) : best).restore(in, shape);
        }
        if (guard.good() != null) {
            if (parts.good()) {
                guard.good().restore(in, shape);
            } else {
                guard.start(trainer, preprocessing, evaluation.total(), learned);
            }
        } else if (parts.good()) {
            new Weights(spec, network).restore(in, shape);
        }
        if (parts.curvature()) {
            (curvatures == null ? new CurvatureReports(1) : curvatures).restore(in);
        }
        long bestPosition = parts.bestPosition() ? in.getLong() : -1;
        if (best != null) {
            best.weights().nextPosition(bestPosition);
        }
        if (best != null && parts.heldOut() != (holdout != null)) {
            best.forget(); // the best loss was measured on other examples
        }
        if (parts.doubts()) {
            batch.streamTime().restoreDoubts(in);
        }
        if (parts.details()) { // else the next report has those of the examples from here on
            outcomes.restore(in);
            fields.restore(in, shape.spec());
        }
        if (parts.steps()) { // else all rows so far have had all steps
            preprocessing.restoreSteps(in);
            fields.restoreSteps(in);
        }
    }

    /**
     * Restores the examples of the open mini-batch. It was saved with the state that {@link #restore} has read. Where features were added since,
     * the waiting examples have no values of them.
     *
     * @throws IllegalStateException when the state is damaged, or holds more examples than fit into a mini-batch
     */
    void restoreBatch(StateReader in) {
        MiniBatch saved = former == null ? batch : MiniBatch.of(former);
        saved.restoreRows(in);
        try {
            (former == null ? check : new ExampleCheck(former)).restored(saved);
        } catch (BadInputException e) {
            throw new IllegalStateException(
                    "the saved mini-batch holds an example that no learner accepts: " + e.getMessage(), e);
        }
        if (former != null) {
            batch.takeRows(saved);
        }
    }
}
