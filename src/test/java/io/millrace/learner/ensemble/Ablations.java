package io.millrace.learner.ensemble;

import io.millrace.learner.ensemble.BenchmarkStream.Figures;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Prints what an ensemble reaches without one of its parts: {@code java -cp ... io.millrace.learner.ensemble.Ablations SEEDS [STREAM...]}. A figure
 * is the mean over the seeds from 1 to SEEDS: the accuracy over the whole stream, or the mean absolute error of a regression.
 */
final class Ablations {
    private static final Map<String, UnaryOperator<Design>> DESIGNS = new LinkedHashMap<>();

    static {
        DESIGNS.put("all parts", design -> design);
        DESIGNS.put("no short statistics", members(Ablations::withoutFast));
        DESIGNS.put("no bins", members(Ablations::withoutBins));
        DESIGNS.put("no replay", members(member -> withBatch(member, 0, member.averages())));
        DESIGNS.put("no averages", members(member -> withBatch(member, member.replayed(), false)));
        for (String name : List.of("linear", "swift", "steady", "binned")) {
            DESIGNS.put("no member " + name, members(member -> member.name().equals(name) ? null : member));
        }
        DESIGNS.put(
                "no memory of labels",
                design -> new Design(design.members(), false, design.startsWarm(), design.mixes()));
        DESIGNS.put("no warm start", design -> new Design(design.members(), design.labels(), false, design.mixes()));
        DESIGNS.put(
                "equal weights", design -> new Design(design.members(), design.labels(), design.startsWarm(), false));
    }

    private Ablations() {}

    /** Changes each member; null leaves it out. */
    private static UnaryOperator<Design> members(UnaryOperator<MemberSpec> change) {
        return design -> new Design(
                design.members().stream()
                        .map(change)
                        .filter(member -> member != null)
                        .toList(),
                design.labels(),
                design.startsWarm(),
                design.mixes());
    }

    private static MemberSpec withoutFast(MemberSpec member) {
        return withViews(member, member.slow(), false, member.bins());
    }

    private static MemberSpec withoutBins(MemberSpec member) {
        return member.slow() ? withViews(member, true, member.fast(), false) : null;
    }

    private static MemberSpec withViews(MemberSpec member, boolean slow, boolean fast, boolean bins) {
        return new MemberSpec(
                member.name(),
                slow,
                fast,
                bins,
                member.hidden(),
                member.rate(),
                member.batch(),
                member.replayed(),
                member.averages());
    }

    private static MemberSpec withBatch(MemberSpec member, int replayed, boolean averages) {
        return new MemberSpec(
                member.name(),
                member.slow(),
                member.fast(),
                member.bins(),
                member.hidden(),
                member.rate(),
                member.batch(),
                replayed,
                averages);
    }

    public static void main(String[] args) throws IOException {
        int seeds = Integer.parseInt(args[0]);
        List<String> names = args.length > 1 ? Arrays.asList(args).subList(1, args.length) : BenchmarkStream.NAMES;
        for (String name : names) {
            BenchmarkStream stream = BenchmarkStream.read(name);
            Design all = Design.of(EnsembleInputs.of(null, stream.features()));
            for (Map.Entry<String, UnaryOperator<Design>> design : DESIGNS.entrySet()) {
                double sum = 0;
                double first = 0;
                StringBuilder each = new StringBuilder();
                for (int seed = 1; seed <= seeds; seed++) {
                    Figures figures = stream.figures(design.getValue().apply(all), seed);
                    sum += figures.all();
                    first += figures.first();
                    each.append(String.format(Locale.ROOT, " %.4f", figures.all()));
                }
                System.out.printf(
                        Locale.ROOT,
                        "%-18s %-20s %.4f, first 2,000: %.4f; seeds%s%n",
                        name,
                        design.getKey(),
                        sum / seeds,
                        first / seeds,
                        each);
            }
        }
    }
}
