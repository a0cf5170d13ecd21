package io.millrace.bench.workload;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.config.Topics;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import java.util.SplittableRandom;
import org.apache.kafka.common.serialization.Serializer;

/**
 * {@code Example} and {@code Features} records. Features are uniform in [-1, 1). The class is the index of the largest of the first
 * features, as many as there are classes.
 */
final class VectorRecords implements BenchRecords {
    private final int features;
    private final int classes;
    private final Topics topics;
    private final Serializer<Example> examples;
    private final Serializer<Features> requests;

    VectorRecords(Workload workload, Topics topics, AvroSerdes serdes) {
        features = workload.features();
        classes = workload.outputs();
        this.topics = topics;
        examples = serdes.valueSerde(Example.class).serializer();
        requests = serdes.valueSerde(Features.class).serializer();
    }

    @Override
    public byte[] example(SplittableRandom random) {
        float[] drawn = draw(random);
        int label = 0;
        for (int i = 1; i < Math.min(classes, drawn.length); i++) {
            label = drawn[i] > drawn[label] ? i : label;
        }
        return examples.serialize(topics.examples(), new Example(new FloatVector(drawn), label, 1f));
    }

    @Override
    public byte[] request(SplittableRandom random) {
        return requests.serialize(topics.features(), new Features(new FloatVector(draw(random))));
    }

    private float[] draw(SplittableRandom random) {
        float[] drawn = new float[features];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return drawn;
    }
}
