package io.millrace.topology.record;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.FieldReport;
import io.millrace.avro.LabelReport;
import io.millrace.avro.TargetPair;
import io.millrace.avro.ValidationLoss;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.nn.network.Curvature;

/**
 * A report of the learner.
 *
 * @param record the Avro record that is published
 */
public record ReportEvent(ValidationLoss record) implements TrainingEvent {
    /**
     * @param model name of the model
     * @param partition of the examples
     * @param missingOffsets records deleted before they were read, since the previous report
     */
    public static ReportEvent of(String model, int partition, Report report, long missingOffsets) {
        ValidationLoss.Builder record = ValidationLoss.newBuilder()
                .setModel(model)
                .setPartition(partition)
                .setStep(report.step())
                .setExamples(report.examples())
                .setReportExamples(report.reportExamples())
                .setLoss(report.loss())
                .setMetrics(report.metrics())
                .setFadedLoss(report.fadedLoss())
                .setFadedMetrics(report.fadedMetrics())
                .setLearningRate(report.learningRate())
                .setGradientNorm(report.gradientNorm())
                .setFirstTimestamp(report.firstTimestamp())
                .setLastTimestamp(report.lastTimestamp())
                .setRefusedExamples(report.refused().examples())
                .setReturnedTo(report.refused().returnedTo())
                .setMissingOffsets(missingOffsets)
                .setExperts(report.experts().stream()
                        .map(expert -> new ExpertReport(expert.name(), expert.loss(), expert.weight()))
                        .toList());
        setOutcomes(record, report.outcomes());
        record.setFields(report.fields().stream().map(ReportEvent::field).toList());
        if (report.heldOut() != null) {
            setHeldOut(record, report.heldOut());
        }
        if (report.best() != null) {
            setBest(record, report.best());
        }
        if (report.curvature() != null) {
            setCurvature(record, report.curvature());
        }
        return new ReportEvent(record.build());
    }

    private static void setOutcomes(ValidationLoss.Builder record, Report.Outcomes outcomes) {
        record.setClasses(outcomes.classes())
                .setConfusion(outcomes.confusion())
                .setLabels(outcomes.labels().stream()
                        .map(label ->
                                new LabelReport(label.hits(), label.falseAlarms(), label.misses(), label.rejections()))
                        .toList())
                .setPairs(outcomes.pairs().stream()
                        .map(pair -> new TargetPair(pair.truth(), pair.predicted()))
                        .toList());
    }

    private static FieldReport field(Report.Field field) {
        return new FieldReport(
                field.name(),
                field.missing(),
                field.number(),
                finite(field.mean()),
                finite(field.learnedMean()),
                finite(field.learnedDeviation()),
                finite(field.importance()));
    }

    private static Double finite(double number) {
        return Double.isFinite(number) ? Double.valueOf(number) : null;
    }

    private static void setHeldOut(ValidationLoss.Builder record, Score heldOut) {
        record.setHoldoutExamples(heldOut.examples())
                .setHoldoutLoss(Double.isNaN(heldOut.loss()) ? null : heldOut.loss())
                .setHoldoutMetrics(heldOut.metrics());
    }

    private static void setBest(ValidationLoss.Builder record, Report.Best best) {
        record.setBestVersion(best.version())
                .setBestLoss(best.loss())
                .setReportsWithoutGain(best.reportsWithoutGain())
                .setPatienceEnded(best.patienceEnded());
    }

    private static void setCurvature(ValidationLoss.Builder record, Curvature curvature) {
        if (Double.isFinite(curvature.alongGradient())) {
            record.setCurvature(curvature.alongGradient());
        }
        curvature.optimalStep().ifPresent(record::setOptimalStep);
    }
}
