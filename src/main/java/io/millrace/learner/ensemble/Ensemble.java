package io.millrace.learner.ensemble;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.loss.Huber;
import io.millrace.nn.loss.Loss;
import java.util.Arrays;
import java.util.List;

/**
 * Several small networks and a memory of labels, mixed: the algorithm of one example after the other. Each is first predicted, then learned by
 * the mixtures, the memory of labels and the members, in this order. There are three mixtures of the same experts: one of all, which is the answer
 * in training, one without the memory of labels, and one also without the members that see the fast view. A server, which knows labels and short
 * statistics too late, uses the last two. Allocates nothing after construction.
 */
final class Ensemble {
    private static final float ERROR_LIMIT = 5; // of a regression, in deviations
    private static final double[] NONE = {};

    private final Views views;
    private final Member[] members;
    private final Experts networks;
    private final LabelMemory labels; // null for a multi-label task
    private final Link link;
    private final Mixture mixture; // of all experts
    private final Mixture lagging; // without the memory of labels
    private final Mixture slow; // also without members that see the fast view
    private final ExampleRing ring;
    private final List<String> experts;
    private final boolean mixes;
    private final double[] terms; // [experts x outputs]
    private final float[] memoryLogits; // [outputs]
    private final TargetScaler scaler; // null: targets are learned as they are
    private final float[] target; // [targetWidth]
    private long learned;

    /**
     * @param design what it consists of
     * @param layout of declared features; null for {@code Example}s
     * @param inputs what enters
     * @param outputs number of classes, labels or targets
     * @param scaler scales the targets of a regression; null for other tasks
     * @param limits when a member's step is refused
     */
    Ensemble(
            Design design,
            Task task,
            InputLayout layout,
            EnsembleInputs inputs,
            int outputs,
            TargetScaler scaler,
            GuardLimits limits,
            long seed) {
        this.scaler = scaler;
        Loss loss = loss(task);
        views = new Views(layout, inputs);
        members = members(design, inputs, outputs, loss, limits, seed);
        link = Link.of(task, outputs);
        networks = new Experts(Arrays.asList(members), link, outputs);
        labels = design.remembersLabels(task) ? new LabelMemory(task, outputs) : null;
        experts = design.experts(task);
        mixes = design.mixes();
        int count = experts.size();
        boolean[] all = new boolean[count];
        Arrays.fill(all, true);
        boolean[] withoutLabels = new boolean[count];
        Arrays.fill(withoutLabels, 0, networks.count(), true);
        mixture = new Mixture(link, outputs, networks.count(), all);
        lagging = new Mixture(link, outputs, networks.count(), withoutLabels);
        slow = new Mixture(link, outputs, networks.count(), withoutFast(design.members(), count));
        int width = loss.targetWidth(outputs);
        ring = new ExampleRing(inputs, width, seed);
        terms = new double[count * outputs];
        memoryLogits = new float[outputs];
        target = new float[width];
    }

    /** The loss that the members minimise. */
    static Loss loss(Task task) {
        return switch (task) {
            case CLASSIFICATION -> Loss.SOFTMAX_CROSS_ENTROPY;
            case MULTILABEL -> Loss.SIGMOID_CROSS_ENTROPY;
            case REGRESSION -> new Huber(ERROR_LIMIT);
        };
    }

    private static Member[] members(
            Design design, EnsembleInputs inputs, int outputs, Loss loss, GuardLimits limits, long seed) {
        Member[] members = new Member[design.members().size()];
        for (int m = 0; m < members.length; m++) {
            MemberSpec spec = design.members().get(m);
            long ofMember = seed * 1000 + m;
            members[m] = spec.online()
                    ? new OnlineMember(spec, inputs, outputs, loss, limits, ofMember)
                    : new SteadyMember(spec, design.startsWarm(), inputs, outputs, loss, limits, ofMember);
        }
        return members;
    }

    private static boolean[] withoutFast(List<MemberSpec> specs, int experts) {
        boolean[] used = new boolean[experts];
        int j = 0;
        for (MemberSpec spec : specs) {
            int count = spec.experts().size();
            Arrays.fill(used, j, j + count, !spec.fast());
            j += count;
        }
        return used;
    }

    /** Predicts an example, which enters the statistics of the features. {@link #answer} has the answer. */
    void predict(InputRow row) {
        views.take(row);
        predict(views);
    }

    private void predict(Views ofExample) {
        networks.predict(ofExample, terms);
        if (labels != null) {
            labels.know();
            remember();
        }
        mixture.answer(terms);
    }

    /** What the memory of labels says. */
    private void remember() {
        labels.logits(targetMeans(), targetVariances(), memoryLogits);
        link.terms(memoryLogits, 0, terms, networks.count() * memoryLogits.length);
    }

    /**
     * Predicts an example without any change but that of {@link #answer}.
     *
     * @param other overwritten
     */
    void predictOnly(InputRow row, Views other) {
        other.copyStatistics(views);
        other.take(row);
        predict(other);
    }

    /** The last answer, live: probabilities, or targets in units of their deviations; [outputs]. */
    double[] answer() {
        return mixture.answer();
    }

    /** The loss of the last answer, of a regression in units of the deviations. */
    double loss(float[] label) {
        return mixture.loss(scaled(label));
    }

    /** The target with the statistics so far. */
    private float[] scaled(float[] label) {
        for (int k = 0; k < target.length; k++) {
            target[k] = scaler == null ? label[k] : scaler.scale(label[k], k);
        }
        return target;
    }

    /** Adds the example to the losses of the experts, after {@link #predict}. */
    void observe(ExpertLosses losses, float[] label) {
        losses.observe(link, terms, scaled(label));
    }

    /**
     * Learns the example after {@link #predict}.
     *
     * @param label as {@code Labels} encodes it, in its unit
     */
    void learn(float[] label, float weight) {
        lagging.answer(terms);
        slow.answer(terms);
        scaled(label);
        if (mixes) {
            mixture.learn(terms, target, weight);
            lagging.learn(terms, target, weight);
            slow.learn(terms, target, weight);
        }
        if (labels != null) {
            labels.learn(label);
        }
        if (scaler != null) {
            scaler.update(label, 0);
            scaled(label);
            scaler.refresh();
        }
        for (Member member : members) {
            member.learn(views, ring, target, weight, learned);
        }
        ring.put(learned, views, target, weight);
        learned++;
    }

    /** Number of examples learned. */
    long learned() {
        return learned;
    }

    /** Names of all experts, in the order of their weights. */
    List<String> experts() {
        return experts;
    }

    /** The weights of all experts in the answer, live. */
    double[] weights() {
        return mixture.weights();
    }

    /** The last example that was learned or predicted to be, as the members see it, live. */
    Views views() {
        return views;
    }

    /** The members, live. */
    Member[] members() {
        return members;
    }

    private double[] targetMeans() {
        return scaler == null ? NONE : scaler.statistics().means();
    }

    private double[] targetVariances() {
        return scaler == null ? NONE : scaler.statistics().variances();
    }

    /**
     * The current model.
     *
     * @param newestTime see {@link EnsembleModel}
     */
    EnsembleModel model(Task task, List<String> classes, long newestTime, Declaration declaration) {
        float[] parameters = new float
                [Arrays.stream(members).mapToInt(Member::parameterCount).sum()];
        int to = 0;
        for (Member member : members) {
            member.parameters(parameters, to);
            to += member.parameterCount();
        }
        return new EnsembleModel(
                task,
                classes,
                views.slow().length,
                memoryLogits.length,
                learned,
                parameters,
                views.slowStatistics().means().clone(),
                views.slowStatistics().variances().clone(),
                views.fastStatistics().means().clone(),
                views.fastStatistics().variances().clone(),
                views.slowStatistics().counts().clone(),
                newestTime,
                targetMeans().clone(),
                targetVariances().clone(),
                mixture.weights().clone(),
                lagging.weights().clone(),
                slow.weights().clone(),
                labels == null ? NONE : labels.toDoubles(),
                declaration);
    }

    /** Writes the complete state but for the targets' statistics, the good weights, and the ring. */
    void save(StateWriter out) {
        out.putLong(learned);
        views.save(out);
        mixture.save(out);
        lagging.save(out);
        slow.save(out);
        if (labels != null) {
            out.putDoubles(labels.toDoubles());
        }
        for (Member member : members) {
            member.save(out);
        }
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param inputs what entered then: the first of what enters now
     * @param saved the members then
     */
    void restore(StateReader in, EnsembleInputs inputs, List<SavedMember> saved) {
        learned = in.getCount();
        views.restore(in, inputs.numbers());
        mixture.restore(in);
        lagging.restore(in);
        slow.restore(in);
        if (labels != null) {
            double[] state = new double[labels.length()];
            in.getDoubles(state);
            labels.fromDoubles(state);
        }
        for (int m = 0; m < members.length; m++) {
            members[m].restore(in, saved.get(m));
        }
    }

    /** Writes the examples for replay. A new one changes few bytes. */
    void saveRing(StateWriter out) {
        ring.save(out, views);
    }

    /** @param inputs as in {@link #restore} */
    void restoreRing(StateReader in, EnsembleInputs inputs) {
        ring.restore(in, views, inputs);
    }
}
