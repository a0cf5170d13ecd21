package io.millrace.watch;

import io.millrace.avro.ValidationLoss;
import java.util.Map;

/**
 * What a report says of the examples that were held out.
 *
 * @param examples learned so far
 * @param evaluated examples held out since the report before
 * @param loss mean over them
 * @param metrics means over them
 */
record HeldOut(long examples, long evaluated, double loss, Map<String, Double> metrics) {
    /** @return null if none were held out */
    static HeldOut of(ValidationLoss report) {
        return report.getHoldoutLoss() == null
                ? null
                : new HeldOut(
                        report.getExamples(),
                        report.getHoldoutExamples(),
                        report.getHoldoutLoss(),
                        report.getHoldoutMetrics());
    }
}
