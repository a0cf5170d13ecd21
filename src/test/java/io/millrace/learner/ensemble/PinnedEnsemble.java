package io.millrace.learner.ensemble;

import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.nn.kernels.KernelsProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ensembles whose bits are known. As a program, prints which kernels ran and the bits. */
final class PinnedEnsemble {
    /** Of the parameters and the mixtures: classes, targets, labels, and classes of 150 features, which are too many for bins, declared features. */
    static final String BITS = "10d176572793ac79 dab87edfa7611b89 a65a09ce8a9b11b8 dd11d5ba470d0e7d 516a7ebc938ef411";

    private PinnedEnsemble() {}

    static String bits() {
        return String.join(
                " ",
                bits(Specs.classification().shape(8, 1, 3).build(), 3000),
                bits(Specs.regression(2).build(), 3000),
                bits(Specs.multilabel().build(), 500),
                bits(Specs.classification().shape(150, 1, 3).build(), 300),
                bits(DeclaredEnsembleTest.trained(300)));
    }

    private static String bits(LearnerSpec spec, int examples) {
        return bits(Streams.trained(spec, Example.stream(spec, examples, 1)).model());
    }

    private static String bits(EnsembleModel model) {
        List<float[]> parts = new ArrayList<>(List.of(model.parameters()));
        for (double[] mixture : List.of(model.weights(), model.laggingWeights(), model.slowWeights())) {
            parts.add(new float[] {Arrays.hashCode(mixture)}); // of 24 bits, which is enough
        }
        return ParameterDigest.sha256(parts).substring(0, 16);
    }

    public static void main(String[] arguments) {
        System.out.println(KernelsProvider.description());
        System.out.println(bits());
    }
}
