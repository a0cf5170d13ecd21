package io.millrace.feature;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the inputs of a declared feature are in a row.
 *
 * @param name the field
 * @param from index of its first number
 * @param to index after its last one; the indicator is not one of them
 * @param indicator index of the number that says that the value is missing; -1 where none does
 * @param table index of its table; -1 if it has numbers
 */
public record FeatureInputs(String name, int from, int to, int indicator, int table) {
    /** Those of all features, in their order. */
    public static List<FeatureInputs> of(FeatureSet set) {
        List<FeatureInputs> all = new ArrayList<>();
        int number = 0;
        int table = 0;
        for (Feature feature : set.features()) {
            Field field = feature.field();
            int from = number;
            int to = from + feature.type().inputs(field).size();
            int indicator = feature.hasIndicator() ? to : -1;
            boolean hasTable = feature.type().table(field) != null;
            all.add(new FeatureInputs(field.name(), from, to, indicator, hasTable ? table : -1));
            number = indicator < 0 ? to : to + 1;
            table += hasTable ? 1 : 0;
        }
        return all;
    }

    /** Whether a row may lack its value. */
    public boolean canMiss() {
        return table >= 0 || indicator >= 0;
    }

    /** Whether the record of a row had no value. A text without words counts as none. */
    public boolean isMissing(InputRow row) {
        if (table < 0) {
            return indicator >= 0 && row.numbers()[indicator] != 0;
        }
        int start = table == 0 ? 0 : row.ends()[table - 1];
        return start < row.ends()[table] && row.ids()[start] == 0;
    }
}
