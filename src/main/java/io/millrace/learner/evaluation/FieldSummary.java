package io.millrace.learner.evaluation;

import io.millrace.feature.FeatureInputs;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What reports say of the declared fields, or of the features of {@code Example}s: how many examples had no value, their means, and how much each
 * matters. Missing values and means are those of all examples that arrived to be learned since the last report, refused ones included.
 *
 * <p>The importance of a field is the mean of |gradient x input|: the gradient of the explained score ({@link ExplainedScore}) by the inputs of
 * the field, times these inputs, summed over the inputs (Simonyan et al., 2013, arXiv:1312.6034; Shrikumar et al., 2016, arXiv:1605.01713). Numbers
 * are standardised, so that the mean of a number contributes nothing; a learned vector contributes its product with the gradient. One example in
 * {@code reportExamples / } {@value #EXPLAINED_OF_REPORT} is explained, with the weights that have just learned it; examples that were explained
 * earlier count less and less. Allocates nothing per example.
 */
public final class FieldSummary {
    /** The most that a report lists: more would be no overview. */
    public static final int MOST_FIELDS = 64;

    static final int EXPLAINED_OF_REPORT = 2;
    private static final double FADING = 0.96; // from one explained example to the next

    private final Kernels kernels = KernelsProvider.kernels(); // of which it uses those without memory of their own
    private final FeatureInputs[] declared; // null for Examples, of which each number is a field
    private final String[] numbers; // names of the numbers of declared fields
    private final boolean[] standardized; // for each number
    private final int[] fieldOfNumber;
    private final int[] fieldOfTable;
    private final int[] missable; // fields
    private final int every;
    private final long[] missing; // for each field
    private final Shape sequence; // of declared numbers whose first steps may be missing; else null
    private final long[] padded; // for each step of it, how many examples did not have it
    private final double[] sums; // of each number, where it was not missing
    private final RunningMeans importance; // of each field
    private final double[] contributions; // of each field
    private long arrived;
    private int unexplained; // learned since the last explained example
    private long explained;

    public FieldSummary(LearnerSpec spec) {
        InputLayout layout = spec.layout();
        int inputs = spec.architecture().inputs();
        declared = layout == null
                ? null
                : FeatureInputs.of(spec.declaration().features()).toArray(FeatureInputs[]::new);
        int fields = declared == null ? inputs : declared.length;
        numbers = new String[declared == null ? 0 : inputs];
        standardized = new boolean[inputs];
        fieldOfNumber = new int[inputs];
        fieldOfTable = new int[layout == null ? 0 : layout.tables().size()];
        for (int j = 0; j < inputs; j++) {
            standardized[j] = layout == null || layout.inputs().get(j).standardized();
            fieldOfNumber[j] = j;
        }
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = layout.inputs().get(j).name();
        }
        for (int f = 0; declared != null && f < fields; f++) {
            FeatureInputs field = declared[f];
            Arrays.fill(fieldOfNumber, field.from(), Math.max(field.to(), field.indicator() + 1), f);
            if (field.table() >= 0) {
                fieldOfTable[field.table()] = f;
            }
        }
        missable = IntStream.range(0, declared == null ? 0 : fields)
                .filter(f -> declared[f].canMiss())
                .toArray();
        every = Math.max(1, spec.validation().reportExamples() / EXPLAINED_OF_REPORT);
        missing = new long[fields];
        sequence = declared == null ? null : spec.sequence();
        padded = new long[sequence == null ? 0 : sequence.height()];
        sums = new double[inputs];
        importance = new RunningMeans(fields, FADING);
        contributions = new double[fields];
    }

    private FeatureInputs field(int f) {
        return declared == null ? new FeatureInputs("features[" + f + "]", f, f + 1, -1, -1) : declared[f];
    }

    /** Adds an example that arrives to be learned. */
    public void arrived(InputRow row) {
        arrived++;
        float[] features = row.features();
        if (features != null) {
            addFeatures(features);
            return;
        }
        double[] values = row.numbers();
        kernels.addDoubles(values, sums.length, sums);
        for (int step = 0; step < padded.length && Double.isNaN(values[step * sequence.channels()]); step++) {
            padded[step]++;
        }
        for (int f : missable) {
            missing[f] += declared[f].isMissing(row) ? 1 : 0;
        }
    }

    /** Adds the features of an {@code Example}; a shorter sequence does not have the first ones. */
    private void addFeatures(float[] features) {
        int padding = sums.length - features.length;
        if (padding == 0) {
            kernels.addFloats(features, sums.length, sums);
            return;
        }
        for (int j = 0; j < padding; j++) {
            missing[j]++;
        }
        for (int j = 0; j < features.length; j++) {
            sums[padding + j] += features[j];
        }
    }

    /** Counts an example that was learned, and tells whether it is to be explained. */
    public boolean isDue() {
        unexplained++;
        if (unexplained < every) {
            return false;
        }
        unexplained = 0;
        return true;
    }

    /** Number of examples that were explained so far. */
    public long explained() {
        return explained;
    }

    /**
     * Adds an example that was explained.
     *
     * @param ofNumbers gradient times input, for each number
     * @param ofTables the same for the vector of each table
     */
    public void explain(double[] ofNumbers, double[] ofTables) {
        Arrays.fill(contributions, 0);
        for (int j = 0; j < ofNumbers.length; j++) {
            contributions[fieldOfNumber[j]] += ofNumbers[j];
        }
        for (int t = 0; t < ofTables.length; t++) {
            contributions[fieldOfTable[t]] += ofTables[t];
        }
        for (int f = 0; f < contributions.length; f++) {
            double size = Math.abs(contributions[f]);
            contributions[f] = size <= Double.MAX_VALUE ? size : 0; // weights may be damaged until the guard notices
        }
        importance.add(contributions);
        explained++;
    }

    /**
     * Summarises the examples since the last report and starts the next one.
     *
     * @param means of the numbers, by which they are standardised; empty: they are not
     * @param variances as many
     */
    public List<Report.Field> report(double[] means, double[] variances) {
        List<Report.Field> reported = IntStream.of(mostImportant())
                .mapToObj(f -> field(f, means, variances))
                .toList();
        Arrays.fill(missing, 0);
        Arrays.fill(padded, 0);
        Arrays.fill(sums, 0);
        arrived = 0;
        return reported;
    }

    /** The fields that a report lists, in its order. Fields of the same importance keep theirs. Sorting all of many fields would take longer. */
    private int[] mostImportant() {
        int[] most = new int[Math.min(missing.length, MOST_FIELDS)];
        for (int f = 0; f < missing.length; f++) {
            int place = Math.min(f, most.length);
            while (place > 0 && importance.mean(most[place - 1]) < importance.mean(f)) {
                place--;
            }
            if (place < most.length) {
                System.arraycopy(most, place, most, place + 1, Math.min(f, most.length - 1) - place);
                most[place] = f;
            }
        }
        return most;
    }

    private Report.Field field(int f, double[] means, double[] variances) {
        FeatureInputs field = field(f);
        int most = -1;
        double largest = -1;
        for (int j = field.from(); j < field.to(); j++) {
            boolean known = means.length > 0 && standardized[j] && variances[j] > 0;
            double moved = known ? Math.abs(mean(f, j) - means[j]) / Math.sqrt(variances[j]) : 0;
            if (moved > largest) {
                most = j;
                largest = moved;
            }
        }
        most = most < 0 && field.from() < field.to() ? field.from() : most; // nothing is known: all are NaN
        boolean learned = most >= 0 && means.length > 0 && standardized[most];
        return new Report.Field(
                field.name(),
                (double) missing[f] / arrived,
                most < 0 ? "" : declared == null ? field.name() : numbers[most],
                most < 0 ? Double.NaN : mean(f, most),
                learned ? means[most] : Double.NaN,
                learned ? Math.sqrt(variances[most]) : Double.NaN,
                explained == 0 ? Double.NaN : importance.mean(f));
    }

    /** The mean of a number of a field where it was not missing. */
    private double mean(int f, int number) {
        long lacking = sequence == null ? 0 : padded[number / sequence.channels()];
        return sums[number] / (arrived - missing[f] - lacking);
    }

    /** Writes what is known of the steps of a sequence beyond {@link #save}. */
    public void saveSteps(StateWriter out) {
        for (long count : padded) {
            out.putLong(count);
        }
    }

    /** Reads what {@link #saveSteps} wrote. */
    public void restoreSteps(StateReader in) {
        for (int step = 0; step < padded.length; step++) {
            padded[step] = in.getCount();
        }
    }

    public void save(StateWriter out) {
        out.putLong(arrived);
        out.putInt(unexplained);
        out.putLong(explained);
        out.putDoubles(sums);
        for (long count : missing) {
            out.putLong(count);
        }
        importance.save(out);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param saved the specification then, which may have had the first of the fields only
     */
    public void restore(StateReader in, LearnerSpec saved) {
        FieldSummary former = new FieldSummary(saved);
        arrived = in.getCount();
        unexplained = in.getSmallCount();
        explained = in.getCount();
        in.getDoubles(sums, former.sums.length);
        for (int f = 0; f < former.missing.length; f++) {
            missing[f] = in.getCount();
        }
        importance.restore(in, former.missing.length);
    }
}
