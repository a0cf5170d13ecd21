package io.millrace.learner.network;

import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.spec.LearnerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An example of a test's stream. */
public record Example(float[] features, float[] target, float weight, long timestamp) {

    void learnedBy(NetworkLearner learner) {
        learner.learn(features, target, weight, timestamp);
    }

    /** Learned, or judged alone if it is held out. */
    void takenInBy(NetworkLearner learner, HoldoutSampler holdout, long position) {
        if (holdout.holds(position)) {
            learner.evaluate(features, target, weight, timestamp);
        } else {
            learnedBy(learner);
        }
    }

    /** Takes the examples from one position to before another in; position and place in the list are the same. */
    static void feed(NetworkLearner learner, LearnerSpec spec, List<Example> stream, int from, int to) {
        HoldoutSampler holdout = new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), 0);
        for (int i = from; i < to; i++) {
            stream.get(i).takenInBy(learner, holdout, i);
        }
    }

    Example at(long newTimestamp) {
        return new Example(features, target, weight, newTimestamp);
    }

    /** Learnable examples, some a little late, some weightier than others; time goes on by 0 to 200 ms. */
    public static List<Example> stream(LearnerSpec spec, int count, long seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        long time = 1_000_000;
        for (int i = 0; i < count; i++) {
            float[] features = new float[spec.architecture().inputs()];
            for (int j = 0; j < features.length; j++) {
                features[j] = (float) (random.nextGaussian() * (j + 1) + j);
            }
            time += random.nextInt(200);
            long late = random.nextInt(10) == 0 ? random.nextInt(3000) : 0;
            float weight = random.nextInt(5) == 0 ? random.nextInt(3) : 1;
            examples.add(new Example(features, target(spec, features), weight, time - late));
        }
        return examples;
    }

    private static float[] target(LearnerSpec spec, float[] features) {
        float[] target = new float[spec.targetWidth()];
        float sum = features[0] - features[1 % features.length] / 2;
        for (int k = 0; k < target.length; k++) {
            target[k] = switch (spec.task()) {
                case CLASSIFICATION -> Math.floorMod((int) sum, spec.classes().size());
                case MULTILABEL -> sum > k ? 1 : 0;
                case REGRESSION -> 100 + 7 * sum + k;
            };
        }
        return target;
    }
}
