package io.millrace.topology.model;

import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.ExampleCheck;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.List;
import java.util.Map;

/** Counts classes. Each example is learned at once: there is no mini-batch. */
final class FrequencyLearner implements Learner {
    private final LearnerSpec spec;
    private final ExampleCheck check;
    private final float[] counts; // [classes]
    private long learned;
    private long nextPosition;
    private long streamTime;

    /** How often each class came. */
    record Frequencies(int inputs, List<String> classes, long version, float[] parameters) implements Model, Predictor {
        @Override
        public Task task() {
            return Task.CLASSIFICATION;
        }

        @Override
        public int scores() {
            return classes.size();
        }

        @Override
        public boolean answersAs(Model other) {
            return other instanceof Frequencies && classes.equals(other.classes());
        }

        @Override
        public Predictor predictor() {
            return this;
        }

        @Override
        public Model model() {
            return this;
        }

        @Override
        public Predictor forAnotherThread() {
            return this;
        }

        @Override
        public void predict(InputRow row, float[] scores) {
            for (int k = 0; k < scores.length; k++) {
                scores[k] = parameters[k] / version;
            }
        }
    }

    FrequencyLearner(LearnerSpec spec) {
        this.spec = spec;
        check = new ExampleCheck(spec);
        counts = new float[spec.classes().size()];
    }

    @Override
    public void learn(InputRow row, float[] target, float weight, long timestamp, long position) {
        check.learned(row, target, weight, timestamp);
        counts[(int) target[0]]++;
        learned++;
        nextPosition = position + 1;
        streamTime = Math.max(streamTime, timestamp);
    }

    @Override
    public void evaluate(InputRow row, float[] target, float weight, long timestamp) {
        throw new IllegalStateException("this learner holds nothing out");
    }

    @Override
    public long version() {
        return learned;
    }

    @Override
    public long nextPosition() {
        return nextPosition;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public long openedAt() {
        return 0;
    }

    @Override
    public long heldOut() {
        return 0;
    }

    @Override
    public long streamTime() {
        return streamTime;
    }

    @Override
    public long oddTimes() {
        return 0;
    }

    @Override
    public Score score() {
        return new Score(learned, 0, Map.of());
    }

    @Override
    public Model model() {
        return new Frequencies(spec.architecture().inputs(), spec.classes(), learned, counts.clone());
    }

    @Override
    public long servedVersion() {
        return learned;
    }

    @Override
    public long servedNextPosition() {
        return nextPosition;
    }

    @Override
    public Model servedModel() {
        return model();
    }

    @Override
    public Score servedScore() {
        return score();
    }

    @Override
    public void save(StateWriter out) {
        out.putLong(learned);
        out.putLong(nextPosition);
        out.putLong(streamTime);
        out.putFloats(counts, counts.length);
        check.save(out);
    }

    @Override
    public void restore(StateReader in) {
        learned = in.getCount();
        nextPosition = in.getCount();
        streamTime = in.getCount();
        in.getFloats(counts, counts.length);
        check.restore(in, spec.architecture().inputs());
    }

    @Override
    public void saveBatch(StateWriter out) {
        throw new IllegalStateException("no example waits");
    }

    @Override
    public void restoreBatch(StateReader in) {
        throw new IllegalStateException("no example waits");
    }
}
