package io.millrace.config;

import java.util.List;

/**
 * Full names of the topics that Millrace reads and writes, with their prefix.
 *
 * @param examples input: labelled examples
 * @param features input: requests
 * @param predictions output: answers to requests
 * @param validationLosses output: reports of the prequential evaluation
 * @param modelSnapshots output of training and input of serving, compacted: versions of the weights
 * @param deadLetters output: bad records with their cause
 */
public record Topics(
        String examples,
        String features,
        String predictions,
        String validationLosses,
        String modelSnapshots,
        String deadLetters) {

    /** @return the topics that training reads or writes */
    public List<String> training() {
        return List.of(examples, validationLosses, modelSnapshots, deadLetters);
    }

    /** @return the topics that serving reads or writes */
    public List<String> serving() {
        return List.of(features, predictions, modelSnapshots, deadLetters);
    }

    /** @return every topic, inputs first */
    public List<String> all() {
        return List.of(examples, features, predictions, validationLosses, modelSnapshots, deadLetters);
    }
}
