package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.Server;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ensemble whose declaration gets further features at its end. What learning makes of them: {@code AppendedFeaturesTest}. */
class EnsembleGrowthTest {
    private static Declaration declaration(String features) {
        return Declaration.parse("avro", features, "label", "", "");
    }

    private static EnsembleLearner of(String features) {
        return new EnsembleLearner(
                Specs.classification()
                        .declared(declaration(features))
                        .ensemble()
                        .build(),
                report -> {});
    }

    /** A row with one id of each table. */
    private static InputRow any(Random random, InputLayout layout) {
        InputRow row = new InputRow(layout);
        row.clear();
        for (int j = 0; j < row.numbers().length; j++) {
            row.numbers()[j] = 2 * random.nextDouble() - 1;
        }
        for (int t = 0; t < layout.tables().size(); t++) {
            row.id(random.nextInt(layout.tables().get(t).rows()));
            row.endOfTable(t);
        }
        return row;
    }

    private static InputRow first(InputRow row, InputLayout layout) {
        InputRow first = new InputRow(layout);
        first.clear();
        System.arraycopy(row.numbers(), 0, first.numbers(), 0, first.numbers().length);
        for (int t = 0; t < layout.tables().size(); t++) {
            first.id(row.ids()[t]);
            first.endOfTable(t);
        }
        return first;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x: numbers(128); linear, swift, steady instead of linear, swift, steady, binned",
                "user: category(50,3), at: time(hour); linear, swift, steady, binned instead of linear, swift, steady"
            })
    void shouldRefuseFeaturesThatWouldChangeTheMembersWithASentence(String features, String members) {
        List<byte[]> saved = Streams.saved(of(features));
        EnsembleLearner other = of(features + ", more: number");

        assertThatThrownBy(() -> other.restore(new StateReader(saved)))
                .isInstanceOf(OtherShapeException.class)
                .hasMessageContaining(
                        "no features can be added, because with them the ensemble would consist of " + members + ": ")
                .hasMessageContaining("model.reset=true");
    }

    /** Whatever the new fields hold, also where they bring the first numbers or the first table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user: category(50,3); at: time(hour)",
                "amount: number; shop: category(20,2)",
                "x: numbers(3); y: numbers(4), shop: category(20,2), tags: set(30,5)"
            })
    void shouldPredictTheSameWhereFeaturesWereAdded(String features, String added) {
        EnsembleLearner former = of(features);
        EnsembleLearner fresh = of(features + ", " + added);
        InputLayout less = former.model().layout();
        InputLayout more = fresh.model().layout();
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            former.learn(first(any(random, more), less), new float[] {i % 3}, 1, i, i);
        }
        EnsembleModel was = former.model();
        EnsembleModel is = Streams.restored(fresh, Streams.saved(former)).model();
        float[] expected = new float[3];
        float[] scores = new float[3];
        for (int i = 0; i < 20; i++) {
            InputRow row = any(random, more);
            was.predictor().predict(first(row, less), expected);
            is.predictor().predict(row, scores);
            assertThat(scores).isEqualTo(expected);
        }
    }

    /** Its requests had fewer numbers. */
    @Test
    void shouldServeOnWhereFeaturesWereAdded() {
        EnsembleLearner former = of("x: numbers(3)");
        EnsembleLearner fresh = of("x: numbers(3), rank: number");
        InputLayout less = former.model().layout();
        InputLayout more = fresh.model().layout();
        Random random = new Random(4);
        for (int i = 0; i < 60; i++) {
            former.learn(any(random, less), new float[] {i % 3}, 1, i, i);
        }
        float[] scores = new float[3];
        Server server = former.model().predictor().server(null, -1);
        server.answer(any(random, less), 60, scores);
        EnsembleModel grown = Streams.restored(fresh, Streams.saved(former)).model();
        Server next = grown.predictor().server(server, -1);

        InputRow row = any(random, more);
        float[] expected = new float[3];
        grown.predictor().predict(row, expected);
        next.answer(row, 61, scores);
        assertThat(scores).isEqualTo(expected);
        next.answer(row, 62, scores);
        assertThat(scores).as("with what a request has told").isNotEqualTo(expected);
    }

    /** The kept examples have no values of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"amount?: number, at: number, plan: oneof(a|b)", "amount?: number, user: category(50,3)"})
    void shouldKeepTheExamplesForReplayWithoutTheFeaturesThatWereAdded(String features) {
        InputLayout less = declaration(features).features().layout();
        InputLayout more = declaration(features + ", rank: number, when?: time(hour), shop: category(20,2)")
                .features()
                .layout();
        EnsembleInputs inputs = EnsembleInputs.of(less, less.inputs().size());
        EnsembleInputs grown = EnsembleInputs.of(more, more.inputs().size());
        ExampleRing ring = new ExampleRing(inputs, 1, 1);
        Views views = new Views(less, inputs);
        InputRow row = new InputRow(less);
        for (int n = 0; n < 3; n++) {
            row.clear();
            row.numbers()[0] = n;
            if (!less.tables().isEmpty()) {
                row.id(40 + n);
                row.endOfTable(0);
            }
            views.take(row);
            ring.put(n, views, new float[] {n}, 1);
        }
        StateWriter out = new StateWriter();
        ring.save(out, views);
        ExampleRing kept = new ExampleRing(grown, 1, 1);
        kept.restore(new StateReader(out.chunks()), new Views(more, grown), inputs);

        for (int n = 0; n < 3; n++) {
            assertAdded(part(kept.slow(), n, grown.numbers()), part(ring.slow(), n, inputs.numbers()), 0);
            assertAdded(
                    part(kept.places(), n, grown.placed().size()),
                    part(ring.places(), n, inputs.placed().size()),
                    Float.NaN);
            assertThat(kept.ends()[n * grown.tables().size()])
                    .as("ids of the first table")
                    .isEqualTo(inputs.tables().size());
            assertThat(kept.ends()[(n + 1) * grown.tables().size() - 1])
                    .as("ids of all tables")
                    .isEqualTo(inputs.tables().size());
            assertThat(kept.targets()[n]).isEqualTo(n);
        }
    }

    private static float[] part(float[] all, int n, int length) {
        return Arrays.copyOfRange(all, n * length, (n + 1) * length);
    }

    private static void assertAdded(float[] is, float[] was, float added) {
        float[] expected = Arrays.copyOf(was, is.length);
        Arrays.fill(expected, was.length, is.length, added);
        assertThat(is).hasSizeGreaterThan(was.length).containsExactly(expected);
    }
}
