package io.millrace.learner.ensemble;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.List;
import java.util.Random;

/** Ensembles of small streams. */
final class Streams {
    private Streams() {}

    static LearnerSpec spec(Task task) {
        return Specs.of(task).build();
    }

    /** Independent numbers, normal. */
    static float[] numbers(Random random, int count) {
        float[] x = new float[count];
        for (int j = 0; j < count; j++) {
            x[j] = (float) random.nextGaussian();
        }
        return x;
    }

    static EnsembleLearner trained(LearnerSpec spec, List<Example> stream) {
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        learn(learner, stream);
        return learner;
    }

    static void learn(EnsembleLearner learner, List<Example> stream) {
        for (int i = 0; i < stream.size(); i++) { // by index: an iterator is an allocation
            learn(learner, stream.get(i));
        }
    }

    static void learn(EnsembleLearner learner, Example example) {
        learner.learn(example.features(), example.target(), example.weight(), example.timestamp());
    }

    /** Learns, or evaluates alone what is held out, the examples from one position to before another. */
    static void feed(EnsembleLearner learner, LearnerSpec spec, List<Example> stream, int from, int to) {
        HoldoutSampler holdout = new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), 0);
        for (int i = from; i < to; i++) {
            Example example = stream.get(i);
            if (holdout.holds(i)) {
                learner.evaluate(
                        InputRow.of(example.features()), example.target(), example.weight(), example.timestamp());
            } else {
                learn(learner, example);
            }
        }
    }

    static List<byte[]> saved(EnsembleLearner learner) {
        StateWriter out = new StateWriter();
        learner.save(out);
        return out.chunks();
    }

    static EnsembleLearner restored(EnsembleLearner fresh, List<byte[]> state) {
        fresh.restore(new StateReader(state));
        return fresh;
    }
}
