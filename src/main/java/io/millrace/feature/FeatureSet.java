package io.millrace.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The declared features of a model, in their order: {@code customer.amount?: log, plan: oneof(free|pro), merchant: category(4096,8)}.
 * Immutable. {@code toString} is the canonical text, with all options: it says the same to a later version, whose defaults may be others.
 */
public final class FeatureSet {
    private final List<Feature> features;
    private final InputLayout layout;

    private FeatureSet(List<Feature> features) {
        this.features = List.copyOf(features);
        List<DenseInput> inputs = new ArrayList<>();
        List<TableInput> tables = new ArrayList<>();
        for (Feature feature : features) {
            inputs.addAll(feature.type().inputs(feature.field()));
            if (feature.hasIndicator()) {
                inputs.add(new DenseInput(feature.field().name() + " missing", false, false));
            }
            TableInput table = feature.type().table(feature.field());
            if (table != null) {
                tables.add(table);
            }
        }
        layout = new InputLayout(toString(), inputs, tables);
    }

    /**
     * Parses a declaration.
     *
     * @throws DeclarationException with all problems
     */
    public static FeatureSet parse(String text) {
        List<String> problems = new ArrayList<>();
        List<Feature> features = features(text, problems);
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return new FeatureSet(features);
    }

    private static List<Feature> features(String text, List<String> problems) {
        List<Feature> features = new ArrayList<>();
        if (Words.isUnclosed(text)) {
            problems.add(
                    "A quotation mark opens in features and does not close. In a name it is doubled: 'the user''s'.");
            return features;
        }
        for (String declared : Words.split(text, ',')) {
            try {
                Feature feature = feature(declared);
                if (features.stream().anyMatch(other -> other.toString().equals(feature.toString()))) {
                    problems.add("\"" + feature + "\" is declared twice.");
                }
                features.add(feature);
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage() + ".");
            }
        }
        return features;
    }

    private static Feature feature(String declared) {
        if (declared.isEmpty()) {
            throw Words.problem("A feature is empty: a comma too many, or nothing behind features=");
        }
        if (!Words.isBalanced(declared)) {
            throw Words.problem("\"" + declared + "\" has a parenthesis too many or too few");
        }
        List<String> parts = Words.split(declared, ':');
        if (parts.size() < 2 || parts.get(1).isEmpty()) {
            String name = parts.get(0);
            throw Words.problem("\"" + name + "\" has no type. Write " + name + ": category, " + name
                    + ": oneof(a|b) or " + name + ": number");
        }
        if (parts.size() > 2) {
            throw Words.problem("\"" + declared + "\" has more than one colon: a comma is missing, or a name needs"
                    + " quotation marks, as in 'a:b': number");
        }
        Field field;
        FeatureType type;
        try {
            field = PathParser.field(parts.get(0));
            type = FeatureTypes.parse(parts.get(1));
        } catch (IllegalArgumentException e) {
            throw Words.problem("\"" + declared + "\": " + e.getMessage());
        }
        for (Path path : field.paths()) {
            if (path.isMany() && !(type instanceof SetType)) {
                throw Words.problem(path + " has many values; only set takes many");
            }
        }
        return new Feature(field, type);
    }

    /** The first features, in their order. */
    public FeatureSet first(int count) {
        return new FeatureSet(features.subList(0, count));
    }

    /** The features in their order. */
    public List<Feature> features() {
        return features;
    }

    /** The inputs that they make. */
    public InputLayout layout() {
        return layout;
    }

    /**
     * The shape of the inputs, as {@code 20x6}: that of a single field that is never missing. null if there are others, because these have no
     * place in a shape.
     */
    public String shape() {
        boolean single = features.size() == 1 && !features.get(0).field().optional();
        return single ? features.get(0).type().shape() : null;
    }

    /** Whether a row depends on the event time of its record. */
    public boolean readsEventTime() {
        return features.stream().anyMatch(feature -> feature.type().readsEventTime());
    }

    @Override
    public String toString() {
        return features.stream().map(Feature::toString).collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureSet set && set.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
