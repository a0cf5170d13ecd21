package io.millrace.input;

import io.millrace.feature.Declaration;
import io.millrace.learner.spec.LearnerSpec;

/**
 * A kind of record that holds examples to learn or requests to answer. Training, replay, serving and dead letters use records only through
 * this interface. {@link Inputs} chooses the kind.
 */
public interface Input {
    /**
     * Creates a codec for the examples of a topic.
     *
     * @param topic topic of the examples; a schema registry may find their schemas by this name
     * @param spec the learner that receives the examples: its task defines what labels mean, its rules define how an earlier Millrace read records
     * @return a codec for one thread
     */
    ExampleCodec examples(String topic, LearnerSpec spec);

    /**
     * Creates a decoder for the requests of a topic.
     *
     * @param topic topic of the requests; a schema registry may find their schemas by this name
     * @param declaration how the model that answers takes records; null if it takes {@code Features}
     * @return a decoder for one thread
     */
    RequestDecoder requests(String topic, Declaration declaration);
}
