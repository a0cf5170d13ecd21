package io.millrace.learner.ensemble;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The mean loss of each expert alone since the last report. Allocates nothing per example. */
final class ExpertLosses {
    private final List<String> names;
    private final double[] sums; // [experts]
    private long count;

    ExpertLosses(List<String> names) {
        this.names = List.copyOf(names);
        sums = new double[names.size()];
    }

    /**
     * Adds an example.
     *
     * @param terms [experts x outputs]
     * @param target as {@link Link#errors} has it
     */
    void observe(Link link, double[] terms, float[] target) {
        int outputs = terms.length / sums.length;
        for (int j = 0; j < sums.length; j++) {
            sums[j] += link.expertLoss(terms, j * outputs, target);
        }
        count++;
    }

    /**
     * Summarises the examples since the last report and starts the next one.
     *
     * @param weights of the experts
     */
    List<Report.Expert> report(double[] weights) {
        List<Report.Expert> experts = new ArrayList<>();
        for (int j = 0; j < sums.length; j++) {
            experts.add(new Report.Expert(names.get(j), count == 0 ? Double.NaN : sums[j] / count, weights[j]));
        }
        Arrays.fill(sums, 0);
        count = 0;
        return experts;
    }

    void save(StateWriter out) {
        out.putDoubles(sums);
        out.putLong(count);
    }

    void restore(StateReader in) {
        in.getDoubles(sums);
        count = in.getCount();
    }
}
