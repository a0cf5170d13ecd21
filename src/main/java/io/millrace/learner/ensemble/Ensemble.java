package io.millrace.learner.ensemble;

import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.loss.Huber;
import io.millrace.nn.loss.Loss;
import java.util.ArrayList;
import java.util.List;

/** Four networks and a memory of labels, mixed: the algorithm of one example after the other. */
final class Ensemble {
    private static final float ERROR_LIMIT = 5;

    final Views views;
    final List<Member> members = new ArrayList<>();
    final LabelMemory labels;
    final Mixture mixture;
    final ExampleRing ring;
    final double[] terms; // [experts x outputs]
    private final Task task;
    private final int outputs;
    private final int networks;
    private final Link link;
    private final float[] logits; // [experts x outputs]
    private final float[] memoryLogits; // [outputs]
    private final float[] target;
    private long learned;

    Ensemble(Task task, int features, int outputs, long seed) {
        this.task = task;
        this.outputs = outputs;
        Loss loss = switch (task) {
            case CLASSIFICATION -> Loss.SOFTMAX_CROSS_ENTROPY;
            case REGRESSION -> new Huber(ERROR_LIMIT);
            default -> Loss.SIGMOID_CROSS_ENTROPY;
        };
        views = new Views(features, KernelsProvider.kernels());
        int experts = 0;
        List<MemberSpec> specs = MemberSpec.of(features);
        for (int m = 0; m < specs.size(); m++) {
            MemberSpec spec = specs.get(m);
            long ofMember = seed * 1000 + m;
            Member member = spec.online()
                    ? new OnlineMember(spec, features, outputs, loss, ofMember)
                    : new SteadyMember(spec, features, outputs, loss, ofMember);
            members.add(member);
            experts += member.experts();
        }
        networks = experts;
        labels = new LabelMemory(task == Task.CLASSIFICATION ? outputs : 0);
        link = task == Task.CLASSIFICATION ? new SoftmaxLink(outputs) : new IdentityLink(outputs);
        boolean[] used = new boolean[networks + 1];
        java.util.Arrays.fill(used, true);
        mixture = new Mixture(link, outputs, networks, used);
        int width = loss.targetWidth(outputs);
        ring = new ExampleRing(features, width, seed);
        terms = new double[(networks + 1) * outputs];
        logits = new float[networks * outputs];
        memoryLogits = new float[outputs];
        target = new float[width];
    }

    double targetMean, targetVariance;

    double deviation() {
        return targetVariance > 0 ? Math.sqrt(targetVariance) : 1;
    }

    double[] predict(float[] features) {
        views.take(features);
        labels.know();
        int from = 0;
        for (Member member : members) {
            member.predict(views, learned, logits, from);
            from += member.experts() * outputs;
        }
        for (int j = 0; j < networks; j++) {
            link.terms(logits, j * outputs, terms, j * outputs);
        }
        if (task == Task.CLASSIFICATION) {
            labels.logits(memoryLogits);
        } else {
            memoryLogits[0] = Float.isNaN(labels.last()) ? 0 : (float) ((labels.last() - targetMean) / deviation());
        }
        link.terms(memoryLogits, 0, terms, networks * outputs);
        return mixture.answer(terms);
    }

    void learn(float label, float weight) {
        target[0] = task == Task.CLASSIFICATION ? label : (float) ((label - targetMean) / deviation());
        mixture.learn(terms, target, weight);
        labels.learn(label);
        if (task == Task.REGRESSION) {
            double a = 1.0 / (learned + 1);
            double d = label - targetMean;
            targetMean += a * d;
            targetVariance = (1 - a) * (targetVariance + a * d * d);
            target[0] = (float) ((label - targetMean) / deviation());
        }
        for (Member member : members) {
            member.learn(views, ring, target, weight, learned);
        }
        ring.put(learned, views, target, weight);
        learned++;
    }
}
