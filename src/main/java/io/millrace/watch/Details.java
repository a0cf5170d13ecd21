package io.millrace.watch;

import io.millrace.avro.ValidationLoss;
import java.util.List;

/**
 * What a report says of its examples beyond means, as {@code ValidationLoss} has it. The page shows that of the newest report only.
 *
 * @param examples learned so far
 * @param evaluated examples of the report
 * @param classes names of the classes or labels that are counted
 * @param confusion number of examples of each true class by their predicted class, [true x predicted]
 * @param labels counts for each label
 * @param pairs some examples of a regression
 * @param fields what entered the model, the most important first
 */
record Details(
        long examples,
        long evaluated,
        List<String> classes,
        List<Integer> confusion,
        List<Label> labels,
        List<Pair> pairs,
        List<Field> fields) {

    /** Counts of examples: a label is true or not, and predicted or not. */
    record Label(int hits, int falseAlarms, int misses, int rejections) {}

    /** The targets of an example and their predictions. */
    record Pair(List<Double> truth, List<Double> predicted) {}

    /**
     * A field.
     *
     * @param missing share of the examples without a value
     * @param number name of the number that the means speak of; empty for learned vectors
     * @param mean over the examples of the report; this and the others are null where they are not known
     * @param learnedMean by which the number is standardised
     * @param learnedDeviation of the number
     * @param importance mean of |gradient x input|
     */
    record Field(
            String name,
            double missing,
            String number,
            Double mean,
            Double learnedMean,
            Double learnedDeviation,
            Double importance) {}

    static Details of(ValidationLoss report) {
        return new Details(
                report.getExamples(),
                report.getReportExamples(),
                List.copyOf(report.getClasses()),
                List.copyOf(report.getConfusion()),
                report.getLabels().stream()
                        .map(label -> new Label(
                                label.getHits(), label.getFalseAlarms(), label.getMisses(), label.getRejections()))
                        .toList(),
                report.getPairs().stream()
                        .map(pair -> new Pair(List.copyOf(pair.getTruth()), List.copyOf(pair.getPredicted())))
                        .toList(),
                report.getFields().stream()
                        .map(field -> new Field(
                                field.getName(),
                                field.getMissing(),
                                field.getNumber(),
                                field.getMean(),
                                field.getLearnedMean(),
                                field.getLearnedDeviation(),
                                field.getImportance()))
                        .toList());
    }
}
