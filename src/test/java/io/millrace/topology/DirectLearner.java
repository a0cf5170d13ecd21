package io.millrace.topology;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.learner.state.StateWriter;
import io.millrace.records.FloatVector;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A learner that is given a stream without Kafka, Avro, commits or clocks. */
final class DirectLearner {
    private final LearnerSpec spec;
    private final Labels labels;
    private final HoldoutSampler holdout;
    private final NetworkLearner learner;
    private final List<Report> reports = new ArrayList<>();
    private final List<Long> deadLetters = new ArrayList<>();
    private final TreeMap<Long, String> served = new TreeMap<>();
    private long offset;

    DirectLearner(MillraceConfig config) {
        spec = config.learner();
        labels = new Labels(spec.task(), spec.classes());
        holdout = new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), 0);
        learner = new NetworkLearner(
                spec, reports::add, batch -> batch.examples().forEach(example -> deadLetters.add(example.position())));
    }

    /** A driver that is made anew counts records from 0. */
    void offsetsStartAnew() {
        offset = 0;
    }

    void take(DisorderedStream.Sent record) {
        try {
            learn(record);
        } catch (BadInputException e) {
            deadLetters.add(offset);
        }
        if (learner.servedVersion() > (served.isEmpty() ? 0 : served.lastKey())) {
            served.put(
                    learner.servedVersion(),
                    ParameterDigest.sha256(learner.servedModel().parameters()));
        }
        offset++;
    }

    private void learn(DisorderedStream.Sent record) {
        if (record.example() == null) {
            throw new BadInputException("no example");
        }
        Object label = record.example().getLabel();
        float[] target =
                label instanceof Integer index ? labels.encode(index.intValue()) : labels.encode((String) label);
        float[] features = FloatVector.arrayOf(record.example().getFeatures());
        float weight = record.example().getWeight();
        if (holdout.holds(offset)) {
            learner.evaluate(features, target, weight, record.time());
        } else {
            learner.learn(InputRow.of(features), target, weight, record.time(), offset);
        }
    }

    /** Offsets of what could not be learned, in the order in which that was found out. */
    List<Long> deadLetters() {
        return deadLetters;
    }

    List<Report> reports() {
        return reports;
    }

    /** By version: digest of the parameters. */
    TreeMap<Long, String> served() {
        return served;
    }

    long learned() {
        return learner.version() + learner.waiting();
    }

    long heldOut() {
        return learner.heldOut();
    }

    List<String> state() {
        return state(learner);
    }

    /** All that steers a learner, and the examples that wait, as hexadecimal digits. */
    static List<String> state(Learner learner) {
        StateWriter state = new StateWriter();
        learner.save(state);
        StateWriter batch = new StateWriter();
        if (learner.waiting() > 0) { // when the next one opens is not known before
            learner.saveBatch(batch);
        }
        return Stream.concat(state.chunks().stream(), batch.chunks().stream())
                .map(HexFormat.of()::formatHex)
                .toList();
    }
}
