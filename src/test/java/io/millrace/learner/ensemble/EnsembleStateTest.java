package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an ensemble saves is all that it is. */
class EnsembleStateTest {
    /** Around the first step of the steady members, their first average, and the ring's end. */
    @ParameterizedTest
    @CsvSource({
        "CLASSIFICATION, 0", "CLASSIFICATION, 1", "CLASSIFICATION, 7", "CLASSIFICATION, 8", "CLASSIFICATION, 261",
        "CLASSIFICATION, 1030", "CLASSIFICATION, 1477", "REGRESSION, 1", "REGRESSION, 1099", "MULTILABEL, 333",
    })
    void shouldContinueBitByBitAfterRestoreAtAnyPoint(Task task, int point) {
        LearnerSpec spec = Specs.of(task).reports(70).holdout(0.2).build();
        List<Example> stream = Example.stream(spec, 1500, 1);
        List<Report> expected = new ArrayList<>();
        EnsembleLearner uninterrupted = new EnsembleLearner(spec, expected::add);
        Streams.feed(uninterrupted, spec, stream, 0, 1500);

        List<Report> reports = new ArrayList<>();
        EnsembleLearner before = new EnsembleLearner(spec, reports::add);
        Streams.feed(before, spec, stream, 0, point);
        EnsembleLearner after = Streams.restored(new EnsembleLearner(spec, reports::add), Streams.saved(before));
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.nextPosition()).isEqualTo(before.nextPosition());
        assertThat(after.heldOut()).isEqualTo(before.heldOut());
        assertThat(after.streamTime()).isEqualTo(before.streamTime());
        Streams.feed(after, spec, stream, point, 1500);

        assertThat(Streams.saved(after).toArray())
                .isEqualTo(Streams.saved(uninterrupted).toArray());
        assertThat(after.score()).isEqualTo(uninterrupted.score());
        assertThat(reports.toString()).isEqualTo(expected.toString()); // NaN equals NaN
        assertThat(reports).isNotEmpty();
    }

    @Test
    void shouldRestoreAlthoughHoldoutAndReturnWereTurnedOnOrOff() {
        Specs plain = Specs.classification().guard(GuardLimits.NONE);
        List<Example> stream = Example.stream(plain.build(), 50, 1);
        EnsembleLearner without = Streams.trained(plain.build(), stream);
        LearnerSpec full = Specs.classification().holdout(0.3).build();
        EnsembleLearner with = Streams.trained(full, stream);

        EnsembleLearner on = Streams.restored(new EnsembleLearner(full, report -> {}), Streams.saved(without));
        EnsembleLearner off = Streams.restored(new EnsembleLearner(plain.build(), report -> {}), Streams.saved(with));
        for (EnsembleLearner learner : List.of(on, off)) {
            Streams.learn(learner, stream);
        }
        assertThat(on.model().parameters()).containsExactly(off.model().parameters());
        assertThat(on.version()).isEqualTo(100);
    }

    /** A commit writes the chunks that have changed. */
    @ParameterizedTest
    @CsvSource({"8", "54", "784"})
    void shouldChangeOnlyTheChunksOfWhatHasChanged(int features) {
        LearnerSpec spec = Specs.classification()
                .ensemble()
                .shape(features, 1, 3)
                .reports(1000)
                .build();
        List<Example> stream = Example.stream(spec, 24, 1);
        EnsembleLearner learner = Streams.trained(spec, stream);
        List<byte[]> before = Streams.saved(learner);
        Streams.learn(learner, stream.subList(0, 8));
        List<byte[]> after = Streams.saved(learner);

        assertThat(after).hasSameSizeAs(before);
        long same = 0;
        for (int i = 0; i < before.size(); i++) {
            same += Arrays.equals(before.get(i), after.get(i)) ? after.get(i).length : 0;
        }
        EnsembleSize size = EnsembleSize.of(spec);
        long ring = size.recent() * Float.BYTES;
        assertThat(same).isGreaterThan(size.good() * Float.BYTES + ring - Math.max(36_000, ring / 15));
    }

    @Test
    void shouldRefuseTheStateOfAnotherShape() {
        LearnerSpec spec = Specs.classification().ensemble().build();
        StateWriter out = new StateWriter();
        new NetworkLearner(Specs.classification().build(), report -> {}).save(out);
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});

        assertThatThrownBy(() -> learner.restore(new StateReader(out.chunks())))
                .isInstanceOf(OtherShapeException.class)
                .hasMessageContaining("model.kind=network")
                .hasMessageContaining("ensemble classification 4-3 linear[],swift[64],steady[64,32],binned[64]");
        List<byte[]> wider = Streams.saved(new EnsembleLearner(
                Specs.classification().ensemble().shape(5, 1, 3).build(), report -> {}));
        assertThatThrownBy(() -> new EnsembleLearner(spec, report -> {}).restore(new StateReader(wider)))
                .isInstanceOf(OtherShapeException.class);
    }

    @Test
    void shouldRefuseDamagedNumbers() {
        LabelMemory memory = new LabelMemory(Task.CLASSIFICATION, 3);
        double[] state = memory.toDoubles();
        state[3] = 3;
        assertThatThrownBy(() -> memory.fromDoubles(state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("memory of labels");
    }
}
