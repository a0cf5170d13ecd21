package io.millrace.cli.csv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Detects columns that should perhaps not be features because they count the rows. */
final class ColumnCheck {
    private static final int FEW_ROWS = 10; // with fewer rows, nothing is certain

    private final List<String> names;
    private final boolean[] counts;
    private final float[] first;
    private long rows;

    /** @param names of the feature columns */
    ColumnCheck(List<String> names) {
        this.names = names;
        counts = new boolean[names.size()];
        first = new float[names.size()];
        Arrays.fill(counts, true);
    }

    /**
     * Adds a row without a fault.
     *
     * @param row its number, from 0; damaged rows count
     */
    void add(long row, LabelledRow labelled) {
        float[] features = labelled.features();
        for (int i = 0; i < features.length; i++) {
            if (rows == 0) {
                first[i] = features[i] - row;
            }
            counts[i] &= features[i] == first[i] + row;
        }
        rows++;
    }

    List<String> warnings(String file) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < names.size() && rows >= FEW_ROWS; i++) {
            String name = "the column \"" + names.get(i) + "\" of " + file;
            if (counts[i] && !names.get(i).isEmpty()) { // the header already warns about a column without a name
                warnings.add(name + " counts the rows, from the first one on. It is learned as a feature: remove it"
                        + " if it is an index (pandas: to_csv(index=False)).");
            }
        }
        return warnings;
    }
}
