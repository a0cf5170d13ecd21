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
 * @param learningLog the examples of all partitions in the order in which they are learned; exists only if the examples have several
 *     partitions and one model learns from all of them
 * @param learned what training reads: the examples, or the learning log
 */
public record Topics(
        String examples,
        String features,
        String predictions,
        String validationLosses,
        String modelSnapshots,
        String deadLetters,
        String learningLog,
        String learned) {

    /** @return the topics that training reads or writes */
    public List<String> training() {
        return List.of(examples, validationLosses, modelSnapshots, deadLetters);
    }

    /** @return the topics that serving reads or writes */
    public List<String> serving() {
        return List.of(features, predictions, modelSnapshots, deadLetters);
    }

    /** @return whether training reads the learning log */
    public boolean learnsFromLog() {
        return learned.equals(learningLog);
    }

    /** @return every topic that exists always, inputs first */
    public List<String> all() {
        return List.of(examples, features, predictions, validationLosses, modelSnapshots, deadLetters);
    }
}
