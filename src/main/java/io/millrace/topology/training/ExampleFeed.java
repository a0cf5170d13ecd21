package io.millrace.topology.training;

import io.millrace.avro.Example;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.record.RegistryRetryingDeserializer;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The way from a record of a partition of the examples topic into a learner: decodes it, and has it learned, or evaluated if it is
 * held out. Training and {@code Replay} take the same one.
 */
public final class ExampleFeed {
    private final Labels labels;
    private final float[] target;
    private final RegistryRetryingDeserializer<Example> deserializer;
    private final HoldoutSampler holdout; // null: nothing is held out

    /**
     * @param topic of the examples, by which the registry knows their schemas
     * @param partition chooses what is held out
     * @param givesUp whether an example whose schema the registry cannot tell for long counts as bad
     */
    public ExampleFeed(LearnerSpec spec, String topic, int partition, AvroSerdes serdes, boolean givesUp) {
        labels = new Labels(spec.task(), spec.classes());
        target = new float[spec.targetWidth()];
        Deserializer<Example> values = spec.rules() < 2 // an example with doubles was a bad one
                ? serdes.literalValueDeserializer(Example.class)
                : serdes.valueSerde(Example.class).deserializer();
        deserializer = new RegistryRetryingDeserializer<>(
                serdes, values, topic, RegistryRetryingDeserializer.PATIENCE, givesUp);
        holdout = spec.validation().holdsOut()
                ? new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), partition)
                : null;
    }

    /**
     * Takes a record in.
     *
     * @param value the record's value; null when it has none
     * @param timestamp event time, ms
     * @param position of the record, an {@link InputPosition}
     * @return whether the example is held out
     * @throws SchemaNotToldException when the registry does not tell its schema
     * @throws BadInputException when the record is no example for this learner
     */
    public boolean feed(NetworkLearner learner, Headers headers, byte[] value, long timestamp, long position) {
        Example example = deserializer.deserialize(headers, value);
        encode(example.getLabel());
        float[] features = FloatVector.arrayOf(example.getFeatures());
        if (holdout != null && holdout.holds(InputPosition.offset(position))) {
            learner.evaluate(features, target, example.getWeight(), timestamp);
            return true;
        }
        learner.learn(features, target, example.getWeight(), timestamp, position);
        return false;
    }

    @SuppressWarnings("unchecked") // the branches of the schema's union
    private void encode(Object label) {
        if (label instanceof Integer index) {
            labels.encode(index.intValue(), target);
        } else if (label instanceof Float value) {
            labels.encode(value.floatValue(), target);
        } else if (label instanceof CharSequence name) {
            labels.encode(name.toString(), target);
        } else {
            labels.encode(FloatVector.arrayOf((List<Float>) label), target);
        }
    }
}
