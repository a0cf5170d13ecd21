package io.millrace.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The connections of layers in the value of one setting, for example {@code 3<-1, output<-2&input}. Hidden layers are named by their
 * position, starting with {@code 1}; the last layer is named {@code output}.
 */
final class Connections {
    /** One arrow: a layer, and the names of the layers (or the input) that it reads. */
    static final String ARROW = "([1-9][0-9]{0,4}|output)<-(input|[1-9][0-9]{0,4})(&(input|[1-9][0-9]{0,4}))*";

    private Connections() {}

    /**
     * @param arrows each matches {@link #ARROW}
     * @param hidden number of hidden layers; the output comes after them
     * @return for each layer that is named, counted from 1, the names of the layers that it reads
     */
    static Map<Integer, List<String>> of(List<String> arrows, int hidden) {
        Map<Integer, List<String>> read = new TreeMap<>();
        for (String arrow : arrows) {
            String[] ends = arrow.split("<-");
            read.put(layer(ends[0], hidden), List.of(ends[1].split("&")));
        }
        return read;
    }

    /** @return one sentence for each arrow that does not fit this number of hidden layers, or that repeats a layer */
    static List<String> problems(String key, List<String> arrows, int hidden) {
        List<String> problems = new ArrayList<>();
        Map<Integer, String> seen = new TreeMap<>();
        for (String arrow : arrows) {
            int layer = layer(arrow.split("<-")[0], hidden);
            String former = seen.put(layer, arrow);
            if (layer > hidden + 1) {
                problems.add(key + " connects layer " + layer + " in " + arrow + ", but there "
                        + (hidden == 1 ? "is 1 hidden layer" : "are " + hidden + " hidden layers") + " in "
                        + ModelSettings.MODEL_HIDDEN + " and the output.");
            } else if (former != null) {
                problems.add(key + " names one layer twice, in " + former + " and " + arrow + ": join them with &.");
            }
        }
        return problems;
    }

    private static int layer(String name, int hidden) {
        return name.equals("output") ? hidden + 1 : Integer.parseInt(name);
    }
}
