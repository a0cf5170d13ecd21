package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.network.Saliency;

/** What the inputs of an example contribute to the logits of a member: gradient x input. Allocates nothing after construction. */
final class MemberAttribution {
    private static final float[] NO_STATE = {};

    private final Member member;
    private final Saliency saliency;
    private final MemberInputs row;
    private final int[] placed; // indices of the numbers that are placed among bins
    private final int features;
    private final int tables;

    MemberAttribution(Member member, MemberSpec spec, EnsembleInputs inputs) {
        this.member = member;
        saliency = member.trainer().saliency();
        row = new MemberInputs(spec, inputs, 1);
        placed = spec.bins() ? inputs.placed().stream().mapToInt(j -> j).toArray() : new int[0];
        features = inputs.numbers();
        tables = spec.tables(inputs).size();
    }

    /**
     * Adds the contributions of an example, for each expert that the member is.
     *
     * @param weights of all experts
     * @param expert index of the first one of the member
     * @param score weights of the logits, [outputs]
     * @param ofNumbers sums for the numbers
     * @param ofTables sums for the tables
     * @return index after the last expert of the member
     */
    int add(Views views, double[] weights, int expert, float[] score, double[] ofNumbers, double[] ofTables) {
        row.clear();
        row.add(views);
        for (int e = 0; e < member.experts(); e++) {
            double weight = weights[expert + e];
            saliency.compute(member.parameters(e), NO_STATE, row.numbers(), row.tokens(), score);
            addNumbers(weight, ofNumbers);
            addPlaces(weight, views, ofNumbers);
            for (int t = 0; t < tables; t++) {
                ofTables[t] += weight * saliency.ofVector(t);
            }
        }
        return expert + member.experts();
    }

    /** A member may see each number twice, by long and by short statistics. */
    private void addNumbers(double weight, double[] ofNumbers) {
        float[] gradient = saliency.byInputs();
        float[] numbers = row.numbers();
        for (int i = 0; i < numbers.length; i++) {
            ofNumbers[i % features] += weight * gradient[i] * numbers[i];
        }
    }

    /** Where a number lies between two bins, its derivative is that of its place times the difference of their vectors. */
    private void addPlaces(double weight, Views views, double[] ofNumbers) {
        for (int p = 0; p < placed.length; p++) {
            float place = views.places()[p];
            if (Float.isNaN(place)) {
                continue;
            }
            int bin = p * Bins.COUNT + Bins.below(place);
            double byPlace = saliency.byToken(tables, bin + 1) - saliency.byToken(tables, bin);
            ofNumbers[placed[p]] += weight * byPlace * Bins.slope(place) * views.slow()[placed[p]];
        }
    }
}
