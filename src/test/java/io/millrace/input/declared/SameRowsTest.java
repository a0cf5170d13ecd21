package io.millrace.input.declared;

import static io.millrace.input.declared.Decoding.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.OtherJvm;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.declared.DeclaredDecoder.Outcome;
import io.millrace.learner.spec.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A record means the same in both formats, on every JVM and in every version. */
class SameRowsTest {
    private static final DeclaredDecoder.Target FLAG =
            new DeclaredDecoder.Target(Task.CLASSIFICATION, List.of("false", "true"));

    private final DeclaredDecoder avro = Decoding.decoder(declaration(), FLAG, Orders.SCHEMA);
    private final DeclaredDecoder json = DeclaredDecoder.json(declaration(), FLAG);

    private static Declaration declaration() {
        return Declaration.parse(Orders.FEATURES, "label", "", "created");
    }

    @Property(tries = 300)
    void shouldMakeTheSameRowOfAvroAndOfJson(@ForAll long seed) {
        Orders orders = new Orders(new SplittableRandom(seed));
        for (int i = 0; i < 10; i++) {
            Orders.Order order = orders.next();
            Outcome ofAvro = Decoding.decode(avro, Decoding.avro(order.avro(), Orders.SCHEMA, i % 2 == 0 ? 0 : 64));
            Outcome ofJson = Decoding.decode(json, order.json().getBytes(StandardCharsets.UTF_8));

            assertThat(ofJson).as(order.json()).isEqualTo(ofAvro);
            if (ofAvro == Outcome.COMPLETE) {
                assertThat(json.row().numbers())
                        .as(order.json())
                        .isEqualTo(avro.row().numbers());
                assertThat(ids(json.row())).as(order.json()).isEqualTo(ids(avro.row()));
                assertThat(json.row().ends()).isEqualTo(avro.row().ends());
                assertThat(json.target()).isEqualTo(avro.target());
                assertThat(json.eventTime()).isEqualTo(avro.eventTime());
            }
        }
    }

    /** A change of these bits changes every model of declared features: it is a change of the rules of learners. */
    @Test
    void shouldKeepTheBitsOfARow() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        DeclaredDecoder decoder = Decoding.decoder(PinnedModel.declaration(), FLAG, Orders.SCHEMA);
        Orders orders = new Orders(new SplittableRandom(11));
        int rows = 0;
        for (int i = 0; i < 1000; i++) {
            Orders.Order order = orders.next();
            if (Decoding.decode(decoder, Decoding.avro(order.avro(), Orders.SCHEMA)) == Outcome.COMPLETE) {
                update(digest, decoder.row());
                rows++;
            }
        }

        assertThat(rows).isGreaterThan(800);
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("30e3d4c6caa00b3c9130724298bb98665cd40562df03af7d20ab4d6bc311167c");
    }

    @Test
    void shouldLearnTheBitsOfAModelHereAndWithoutVectors() throws Exception {
        assertThat(PinnedModel.learned()).isEqualTo(PinnedModel.RESULT);
        assertThat(OtherJvm.run(OtherJvm.THIS_JAVA, PinnedModel.class, "-Dmillrace.kernels=scalar"))
                .contains("plain Java")
                .endsWith(PinnedModel.RESULT);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.OtherJvm#otherJavas")
    void shouldLearnTheBitsOfAModelOn(Path java) throws Exception {
        assertThat(OtherJvm.run(java, PinnedModel.class)).endsWith(PinnedModel.RESULT);
    }

    private static void update(MessageDigest digest, InputRow row) {
        for (double number : row.numbers()) {
            digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, number));
        }
        for (int id : ids(row)) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, id));
        }
    }
}
