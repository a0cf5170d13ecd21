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

    /** @return the topics that training works on */
    public List<String> training() {
        return List.of(examples, validationLosses, modelSnapshots, deadLetters);
    }

    /** @return the topics that serving works on */
    public List<String> serving() {
        return List.of(features, predictions, modelSnapshots, deadLetters);
    }

    /** @return every topic, inputs first */
    public List<String> all() {
        return List.of(examples, features, predictions, validationLosses, modelSnapshots, deadLetters);
    }
}
