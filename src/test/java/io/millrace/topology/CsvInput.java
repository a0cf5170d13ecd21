package io.millrace.topology;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.DecodedExample;
import io.millrace.input.ExampleCodec;
import io.millrace.input.Input;
import io.millrace.input.RequestDecoder;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;

/** Another kind of records, lines of text: {@code label,weight,event time,feature,feature...}; a request is its features. */
final class CsvInput implements Input {
    private static final int FIRST_FEATURE = 3;

    @Override
    public ExampleCodec examples(String topic, LearnerSpec spec) {
        return new Codec(new Labels(spec.task(), spec.classes()));
    }

    @Override
    public RequestDecoder requests(String topic, Declaration declaration) {
        return (key, value, headers, timestamp) -> InputRow.of(features(cells(value), 0));
    }

    private static String[] cells(byte[] value) {
        if (value == null) {
            throw new BadInputException("the record has no line");
        }
        return new String(value, StandardCharsets.UTF_8).split(",");
    }

    private static float[] features(String[] cells, int from) {
        float[] features = new float[cells.length - from];
        for (int i = from; i < cells.length; i++) {
            try {
                features[i - from] = Float.parseFloat(cells[i]);
            } catch (NumberFormatException e) {
                throw new BadInputException("cell " + i + " is \"" + cells[i] + "\", not a number");
            }
        }
        return features;
    }

    private static final class Codec implements ExampleCodec {
        private final Labels labels;
        private final DecodedExample decoded = new DecodedExample();

        Codec(Labels labels) {
            this.labels = labels;
        }

        @Override
        public DecodedExample decode(byte[] key, byte[] value, Headers headers, long timestamp) {
            String[] cells = cells(value);
            if (cells.length <= FIRST_FEATURE) {
                throw new BadInputException("the line has " + cells.length + " cells");
            }
            decoded.set(
                    InputRow.of(features(cells, FIRST_FEATURE)),
                    labels.encode(cells[0]),
                    Float.parseFloat(cells[1]),
                    Long.parseLong(cells[2]));
            return decoded;
        }

        @Override
        public byte[] encode(RefusedBatch.Example example) {
            float[] features = example.features();
            return line(
                    (Integer) labels.decode(example.target()) == 1 ? "yes" : "no",
                    example.weight(),
                    example.timestamp(),
                    features);
        }
    }

    static byte[] line(String label, float weight, long eventTime, float... features) {
        return (label + "," + weight + "," + eventTime + "," + request(features)).getBytes(StandardCharsets.UTF_8);
    }

    static String request(float... features) {
        return IntStream.range(0, features.length)
                .mapToObj(i -> String.valueOf(features[i]))
                .collect(Collectors.joining(","));
    }
}
