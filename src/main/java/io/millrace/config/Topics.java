package io.millrace.config;

import java.util.List;

/**
 * Full names of the topics that Millrace reads and writes, prefix included.
 *
 * @param examples labelled examples, in
 * @param features requests, in
 * @param predictions answers, out
 * @param validationLosses reports of the prequential evaluation, out
 * @param modelSnapshots versions of the weights, out and in, compacted
 * @param deadLetters bad records with their cause, out
 */
public record Topics(
        String examples,
        String features,
        String predictions,
        String validationLosses,
        String modelSnapshots,
        String deadLetters) {

    /** @return every topic, inputs first */
    public List<String> all() {
        return List.of(examples, features, predictions, validationLosses, modelSnapshots, deadLetters);
    }
}
