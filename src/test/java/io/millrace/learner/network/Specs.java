package io.millrace.learner.network;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Optimization;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.schedule.ConstantRate;
import java.util.List;
import java.util.Map;

/** Specifications of small learners, changed one property at a time. */
public final class Specs {
    static final int INPUTS = 4;

    private LearnerKind kind = LearnerKind.NETWORK;
    private Task task = Task.CLASSIFICATION;
    private int outputs = 3;
    private Loss loss = Loss.SOFTMAX_CROSS_ENTROPY;
    private int inputs = INPUTS;
    private List<Integer> hidden = List.of(5);
    private Initializer initializer = Initializer.of("he_uniform");
    private long seed = 1;
    private Optimizer optimizer = Optimizer.of("sgd");
    private double learningRate = 0.05;
    private int batchSize = 4;
    private long windowMs = 1000;
    private int maxAdvance = 5;
    private boolean standardize = true;
    private boolean standardizeTargets;
    private double rate = 0.001;
    private int reportExamples = 10;
    private double fading = 0.9;
    private double holdout;
    private GuardLimits guard = new GuardLimits(10, 1e6, 1e6);
    private int patience;
    private double minGain;
    private int curvatureEvery;
    private BatchNorm batchNorm;
    private double dropout;
    private int rules = 2;
    private Declaration declaration;
    private Layer first; // null: dense

    private Specs() {}

    public static Specs classification() {
        return new Specs();
    }

    static Specs binary() {
        Specs specs = new Specs();
        specs.outputs = 1;
        specs.loss = Loss.SIGMOID_CROSS_ENTROPY;
        return specs;
    }

    public static Specs multilabel() {
        Specs specs = new Specs();
        specs.task = Task.MULTILABEL;
        specs.outputs = 2;
        specs.loss = Loss.SIGMOID_CROSS_ENTROPY;
        return specs;
    }

    public static Specs regression(int targets) {
        Specs specs = new Specs();
        specs.task = Task.REGRESSION;
        specs.outputs = targets;
        specs.loss = Loss.HALF_MEAN_SQUARED_ERROR;
        specs.standardizeTargets = true;
        return specs;
    }

    public static Specs of(Task task) {
        return switch (task) {
            case CLASSIFICATION -> classification();
            case MULTILABEL -> multilabel();
            case REGRESSION -> regression(2);
        };
    }

    public Specs shape(int inputs, int hidden, int outputs) {
        this.inputs = inputs;
        this.hidden = List.of(hidden);
        this.outputs = outputs;
        return this;
    }

    /** A layer before the hidden ones. */
    Specs first(Layer layer) {
        first = layer;
        return this;
    }

    Specs initializer(Initializer value) {
        initializer = value;
        return this;
    }

    public Specs seed(long value) {
        seed = value;
        return this;
    }

    public Specs optimizer(Optimizer value, double rateOfLearning) {
        optimizer = value;
        learningRate = rateOfLearning;
        return this;
    }

    public Specs batch(int size) {
        batchSize = size;
        return this;
    }

    public Specs window(long ms) {
        windowMs = ms;
        return this;
    }

    /** How many windows one example alone can move stream time on. */
    public Specs maxAdvance(int windows) {
        maxAdvance = windows;
        return this;
    }

    Specs standardize(boolean features, boolean targets) {
        standardize = features;
        standardizeTargets = targets && task == Task.REGRESSION;
        return this;
    }

    Specs rate(double value) {
        rate = value;
        return this;
    }

    /** Of an ensemble instead of a network. */
    public Specs ensemble() {
        kind = LearnerKind.ENSEMBLE;
        return this;
    }

    public Specs reports(int examples) {
        reportExamples = examples;
        return this;
    }

    Specs fading(double value) {
        fading = value;
        return this;
    }

    public Specs holdout(double fraction) {
        holdout = fraction;
        return this;
    }

    public Specs guard(GuardLimits limits) {
        guard = limits;
        return this;
    }

    public Specs earlyStopping(int reports, double gain) {
        patience = reports;
        minGain = gain;
        return this;
    }

    public Specs curvatureEvery(int reports) {
        curvatureEvery = reports;
        return this;
    }

    /** In all hidden layers, or in none. */
    public Specs batchNorm(boolean wanted) {
        batchNorm = wanted ? BatchNorm.ALGORITHM.with(Map.of()) : null;
        return this;
    }

    /** Of what enters each layer. */
    Specs dropout(double probability) {
        dropout = probability;
        return this;
    }

    Specs rules(int revision) {
        rules = revision;
        return this;
    }

    /** Declared features in the place of the features of examples. */
    public Specs declared(Declaration declared) {
        declaration = declared;
        return this;
    }

    public LearnerSpec build() {
        List<Layer> layers = new java.util.ArrayList<>();
        if (first != null) {
            layers.add(first);
        }
        hidden.forEach(units -> layers.add(new Layer(units, Activation.RELU, batchNorm, dropout)));
        layers.add(new Layer(outputs, Activation.IDENTITY).withInputDropout(dropout));
        List<String> classes = switch (task) {
            case REGRESSION -> List.of();
            case MULTILABEL -> names(outputs);
            case CLASSIFICATION -> names(Math.max(2, outputs));
        };
        return new LearnerSpec(
                declaration == null
                        ? new Architecture(inputs, layers, loss)
                        : declared(declaration.features().layout(), layers),
                task,
                classes,
                initializer,
                seed,
                new Optimization(optimizer, new ConstantRate(learningRate)),
                batchSize,
                windowMs,
                maxAdvance,
                standardize,
                standardizeTargets,
                rate,
                new Validation(reportExamples, fading, holdout, patience, minGain, curvatureEvery),
                guard,
                rules,
                declaration,
                kind);
    }

    private Architecture declared(InputLayout layout, List<Layer> layers) {
        return new Architecture(layout.inputs().size(), LearnerSpec.tables(layout), layers, loss);
    }

    private static List<String> names(int count) {
        return java.util.stream.IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
    }
}
