package io.millrace.input;

import io.millrace.learner.spec.LearnerSpec;

/**
 * A kind of records, which holds examples to learn and requests to answer. Training, replay, serving and dead letters know records
 * through this interface alone; {@link Inputs} chooses the kind.
 */
public interface Input {
    /**
     * Opens what decodes the examples of a topic.
     *
     * @param topic of the examples; a schema registry may know their schemas by it
     * @param spec the learner that takes them: its task says what labels mean, its rules how an earlier Millrace read records
     * @return a codec for one thread
     */
    ExampleCodec examples(String topic, LearnerSpec spec);

    /**
     * Opens what decodes the requests of a topic.
     *
     * @param topic of the requests; a schema registry may know their schemas by it
     * @return a decoder for one thread
     */
    RequestDecoder requests(String topic);
}
