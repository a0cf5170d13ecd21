package io.millrace.learner.ensemble;

import io.millrace.feature.InputRow;
import io.millrace.learner.Predictor;
import io.millrace.learner.Server;
import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.FeatureStatistics;
import io.millrace.learner.input.RowCheck;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Predicts with one version of an ensemble, by the rule for a server that knows no other request: each request enters the version's statistics
 * for itself only, as in training. The version may be old, so the memory of labels says nothing, and the members with short statistics count half
 * of what they count in training: the mixture is the mean of the two that lack it and them.
 */
public final class EnsemblePredictor implements Predictor {
    private final EnsembleModel model;
    private final List<ServedMember> members;
    private final Experts experts;
    private final Link link;
    private final double[] lagging; // [experts]
    private final double[] deviations; // of the targets
    private final RowCheck rows;
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
        lagging = lagging(0.5);
        deviations = new double[model.targetVariances().length];
        for (int k = 0; k < deviations.length; k++) {
            deviations[k] = Math.sqrt(model.targetVariances()[k]); // 0: the target has always been equal to its mean
        }
        rows = new RowCheck(model.layout(), model.inputs(), null);
        views = new Views(model.layout(), model.entering());
        terms = new double[count * outputs];
        sums = new double[outputs];
        remember(model.labels());
    }

    /** What the memory of labels says, which is the same for all requests. */
    private void remember(double[] state) {
        if (!LabelMemory.fits(model.task())) {
            return;
        }
        LabelMemory labels = new LabelMemory(model.task(), model.outputs());
        requireLength("numbers of the memory of labels", state, labels.length());
        labels.fromDoubles(state);
        labels.know();
        float[] logits = new float[model.outputs()];
        labels.logits(model.targetMeans(), model.targetVariances(), logits);
        link.terms(logits, 0, terms, experts.count() * model.outputs());
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
    public EnsembleServer server(Server former, long brought) {
        return new EnsembleServer(
                forAnotherThread(), former instanceof EnsembleServer ensemble ? ensemble : null, brought);
    }

    @Override
    public void predict(InputRow row, float[] scores) {
        rows.check(row);
        views.copyStatistics(model);
        answer(row, lagging, scores);
    }

    /**
     * {@link #predict(InputRow, float[])} with other short statistics and another mixture.
     *
     * @param fast copied
     * @param weights of each expert, [experts]
     */
    void predict(InputRow row, FeatureStatistics fast, double[] weights, float[] scores) {
        rows.check(row);
        views.copyStatistics(model, fast);
        answer(row, weights, scores);
    }

    /** The weights for a version of unknown age, live. */
    double[] lagging() {
        return lagging;
    }

    /** Mixes the two mixtures without the memory of labels, the one with the members that see the short statistics with this share. */
    double[] lagging(double share) {
        double[] mixed = new double[model.weights().length];
        for (int j = 0; j < mixed.length; j++) {
            mixed[j] = share * model.laggingWeights()[j] + (1 - share) * model.slowWeights()[j];
        }
        return mixed;
    }

    private void answer(InputRow row, double[] weights, float[] scores) {
        views.take(row);
        experts.predict(views, terms);
        Mixture.combine(weights, terms, sums);
        link.answer(sums);
        for (int k = 0; k < sums.length; k++) {
            scores[k] = deviations.length == 0
                    ? (float) sums[k]
                    : (float) TargetScaler.unscale((float) sums[k], model.targetMeans()[k], deviations[k]);
            if (!Float.isFinite(scores[k])) {
                throw new BadInputException(
                        BadInputCause.OVERFLOW,
                        "score " + k + " is " + scores[k]
                                + ": the features are too large for this version of the model");
            }
        }
    }

    /** {@link #predict(InputRow, float[])} with the features of an {@code Example}. */
    public void predict(float[] features, float[] scores) {
        predict(example.features(features), scores);
    }
}
