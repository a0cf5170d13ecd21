package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.declared.DeclaredDecoder.Outcome;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.topology.TestConfigs;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A model of every type of feature, learned from bytes, whose bits are known. As a program, prints which kernels ran and what it came to.
 */
final class PinnedModel {
    /** Examples learned, refused and held out, the SHA-256 of the weights, a hash of the statistics. */
    static final String RESULT =
            "550 268 67 ab2b56452dde15f01f9419e19e52c7306c0e8f13ed9c53f49f2e29dfffe4ac29 -229763569";

    private static final int ORDERS = 1000;

    private PinnedModel() {}

    /** Other versions of the tz database may give other bits in Berlin; the clocks of Kolkata do not change. */
    static Declaration declaration() {
        return Declaration.parse(Orders.FEATURES.replace("Europe/Berlin", "Asia/Kolkata"), "label", "", "created");
    }

    static String learned() {
        Declaration declaration = declaration();
        LearnerSpec spec = TestConfigs.declared(
                        "features",
                        declaration.features().toString().replace("category(100000,8)", "category(500,8)"),
                        "label",
                        "label",
                        "event.time",
                        "created",
                        "model.classes",
                        "false,true",
                        "model.hidden",
                        "33,16",
                        "validation.holdout.fraction",
                        "0.1",
                        "validation.report.examples",
                        "100",
                        "early.stopping.patience",
                        "3")
                .learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        DeclaredDecoder decoder = Decoding.decoder(
                spec.declaration(), new DeclaredDecoder.Target(spec.task(), spec.classes()), Orders.SCHEMA);
        Orders orders = new Orders(new SplittableRandom(12));
        int refused = 0;
        for (int i = 0; i < ORDERS; i++) {
            try {
                byte[] order = Decoding.avro(orders.next().avro(), Orders.SCHEMA);
                if (Decoding.decode(decoder, order) == Outcome.COMPLETE) {
                    take(learner, decoder.row(), decoder, i);
                }
            } catch (BadInputException e) {
                refused++;
            }
        }
        NetworkModel model = learner.model();
        int statistics = 31 * Arrays.hashCode(model.featureMeans()) + Arrays.hashCode(model.featureVariances());
        return learner.version() + " " + refused + " " + learner.heldOut() + " "
                + ParameterDigest.sha256(model.parameters()) + " " + statistics;
    }

    private static void take(NetworkLearner learner, InputRow row, DeclaredDecoder decoder, int i) {
        if (i % 10 == 9) {
            learner.evaluate(row, decoder.target(), decoder.weight(), decoder.eventTime());
        } else {
            learner.learn(row, decoder.target(), decoder.weight(), decoder.eventTime(), i);
        }
    }

    public static void main(String[] arguments) {
        System.out.println(KernelsProvider.description());
        System.out.println(learned());
    }
}
