package io.millrace.config;

import java.util.ArrayList;
import java.util.List;

/**
 * How large the configured network is.
 *
 * @param parameters weights and biases
 * @param widest units of the widest layer, or features
 */
record NetworkSize(long parameters, long widest) {

    static NetworkSize of(LearnerSettings learner) {
        long parameters = 0;
        long widest = learner.inputs();
        List<Integer> layers = new ArrayList<>(learner.hidden());
        layers.add(Math.max(1, Math.max(learner.classes().size(), learner.targets())));
        for (int l = 1; l <= layers.size(); l++) {
            List<String> names = learner.concatenated().getOrDefault(l, List.of(String.valueOf(l - 1)));
            long width = names.stream()
                    .mapToLong(name -> width(name, learner.inputs(), layers))
                    .sum();
            parameters += learner.shared().containsKey(l) ? 0 : (width + 1) * layers.get(l - 1);
            widest = Math.max(widest, layers.get(l - 1));
        }
        return new NetworkSize(parameters, widest);
    }

    /** The learner refuses names that are no layer's. */
    private static long width(String name, int inputs, List<Integer> layers) {
        int layer = name.equals("input") ? 0 : Integer.parseInt(name);
        return layer == 0 ? inputs : layer <= layers.size() ? layers.get(layer - 1) : 0;
    }
}
