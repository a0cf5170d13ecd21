package io.millrace.learner.ensemble;

import io.millrace.feature.InputRow;
import io.millrace.learner.Predictor;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.DeclaredCheck;
import io.millrace.learner.input.FeatureCheck;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts with one version of an ensemble, by the rule for a server that keeps no state of its own: each request enters the version's statistics
 * for itself only, as in training. The version may be old, so the memory of labels says nothing, and the members with short statistics count half
 * of what they count in training: the mixture is the mean of the two that lack it and them.
 */
public final class EnsemblePredictor implements Predictor {
    private final EnsembleModel model;
    private final List<ServedMember> members;
    private final Experts experts;
    private final Link link;
    private final double[] weights; // [experts]
    private final double[] deviations; // of the targets
    private final DeclaredCheck declared; // null for Examples
    private final double[] magnitudes; // [inputs]
    private final Views views;
    private final double[] terms; // [experts x outputs]
    private final double[] sums; // [outputs]
    private final InputRow example = new InputRow();

    /**
     * @param model the model
     * @throws IllegalArgumentException when its parts do not fit together
     */
    public EnsemblePredictor(EnsembleModel model) {
        this(model, members(model));
    }

    private EnsemblePredictor(EnsembleModel model, List<ServedMember> members) {
        this.model = model;
        this.members = members;
        int outputs = model.outputs();
        link = Link.of(model.task(), outputs);
        experts = new Experts(members, link, outputs);
        int count = experts.count() + (LabelMemory.fits(model.task()) ? 1 : 0);
        requireLength("weights", model.weights(), count);
        requireLength("weights without labels", model.laggingWeights(), count);
        requireLength("weights without short statistics", model.slowWeights(), count);
        weights = new double[count];
        for (int j = 0; j < count; j++) {
            weights[j] = (model.laggingWeights()[j] + model.slowWeights()[j]) / 2;
        }
        deviations = new double[model.targetVariances().length];
        for (int k = 0; k < deviations.length; k++) {
            deviations[k] = Math.sqrt(model.targetVariances()[k]); // 0: the target has always been equal to its mean
        }
        declared = model.layout() == null ? null : new DeclaredCheck(model.layout());
        magnitudes = new double[model.inputs()];
        views = new Views(model.layout(), model.entering());
        terms = new double[count * outputs];
        sums = new double[outputs];
    }

    private static List<ServedMember> members(EnsembleModel model) {
        requireStatistics(model);
        Loss loss = Ensemble.loss(model.task());
        EnsembleInputs inputs = model.entering();
        List<ServedMember> members = new ArrayList<>();
        int from = 0;
        for (MemberSpec spec : MemberSpec.of(inputs)) {
            Network network = MemberNetworks.of(spec, inputs, model.outputs(), loss);
            int to = from + network.parameterCount() + (int) spec.averaged(inputs, model.outputs());
            if (to <= model.parameters().length) {
                members.add(new ServedMember(spec, inputs, network, model.parameters(), from));
            }
            from = to;
        }
        if (from != model.parameters().length) {
            throw new IllegalArgumentException("the model has " + model.parameters().length
                    + " parameters, an ensemble for " + model.inputs() + " features and " + model.outputs()
                    + " outputs has " + from);
        }
        return members;
    }

    private static void requireStatistics(EnsembleModel model) {
        boolean regression = model.task() == Task.REGRESSION;
        if (regression ? !model.classes().isEmpty() : model.classes().size() != model.outputs()) {
            throw new IllegalArgumentException("a " + model.task().id() + " with "
                    + model.classes().size() + " classes does not fit " + model.outputs() + " outputs");
        }
        requireLength("counts of features", model.counts().length, model.layout() == null ? 1 : model.inputs());
        requireLength("slow means", model.slowMeans(), model.inputs());
        requireLength("slow variances", model.slowVariances(), model.inputs());
        requireLength("fast means", model.fastMeans(), model.inputs());
        requireLength("fast variances", model.fastVariances(), model.inputs());
        if (model.layout() != null) {
            requireLength("inputs", model.layout().inputs().size(), model.inputs());
        }
        requireLength("target means", model.targetMeans(), regression ? model.outputs() : 0);
        requireLength("target variances", model.targetVariances(), regression ? model.outputs() : 0);
    }

    private static void requireLength(String what, double[] numbers, int length) {
        requireLength(what, numbers.length, length);
    }

    private static void requireLength(String what, int is, int length) {
        if (is != length) {
            throw new IllegalArgumentException("the model has " + is + " " + what + " where " + length + " belong");
        }
    }

    @Override
    public EnsembleModel model() {
        return model;
    }

    /** Takes as much memory as one row, and the memory of the passes. */
    @Override
    public EnsemblePredictor forAnotherThread() {
        return new EnsemblePredictor(
                model, members.stream().map(ServedMember::new).toList());
    }

    @Override
    public void predict(InputRow row, float[] scores) {
        if (declared == null) {
            FeatureCheck.check(row.features(), model.inputs());
        } else {
            declared.check(row, magnitudes);
        }
        views.copyStatistics(model);
        views.take(row);
        experts.predict(views, terms);
        Mixture.combine(weights, terms, sums);
        link.answer(sums);
        for (int k = 0; k < sums.length; k++) {
            scores[k] = deviations.length == 0
                    ? (float) sums[k]
                    : (float) TargetScaler.unscale((float) sums[k], model.targetMeans()[k], deviations[k]);
            if (!Float.isFinite(scores[k])) {
                throw new BadInputException("score " + k + " is " + scores[k]
                        + ": the features are too large for this version of the model");
            }
        }
    }

    /** {@link #predict(InputRow, float[])} with the features of an {@code Example}. */
    public void predict(float[] features, float[] scores) {
        predict(example.features(features), scores);
    }
}
