package io.millrace.input;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.input.declared.DeclaredDecoder;
import io.millrace.input.declared.DeclaredDecoder.Outcome;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.input.declared.SchemaFit;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Records of any schema, in Avro or JSON, whose features, label, weight and event time are declared. If the registry cannot provide the
 * schema of a record, decoding waits; see {@link RegistryRetryingDeserializer}.
 */
final class DeclaredInput implements Input {
    private final AvroSerdes serdes;
    private final boolean givesUp;
    private final Declaration declaration;
    private final Consumer<SchemaFindings> findings;
    private final Set<Written> told = ConcurrentHashMap.newKeySet();

    private record Written(String topic, int id) {}

    /**
     * @param givesUp whether a record counts as bad when the registry stays unavailable
     * @param findings is told, once for each writer's schema and topic, what of the declaration does not fit it; from several threads
     */
    DeclaredInput(AvroSerdes serdes, boolean givesUp, Declaration declaration, Consumer<SchemaFindings> findings) {
        this.serdes = serdes;
        this.givesUp = givesUp;
        this.declaration = declaration;
        this.findings = findings;
    }

    @Override
    public ExampleCodec examples(String topic, LearnerSpec spec) {
        Decoding decoding = decoding(topic, new DeclaredDecoder.Target(spec.task(), spec.classes()));
        DecodedExample example = new DecodedExample();
        return new ExampleCodec() {
            @Override
            public DecodedExample decode(byte[] key, byte[] value, Headers headers, long timestamp) {
                if (decoding.decode(key, value, headers, timestamp) != Outcome.COMPLETE) {
                    return null;
                }
                DeclaredDecoder decoder = decoding.decoder;
                example.set(decoder.row(), decoder.target(), decoder.weight(), decoder.eventTime());
                return example;
            }

            @Override
            public int unfitSchemas() {
                return decoding.writers.unfit;
            }

            @Override
            public AtomicLongArray missing() {
                return decoding.decoder.missing();
            }

            @Override
            public byte[] encode(RefusedBatch.Example refused) {
                return refused.record();
            }
        };
    }

    @Override
    public RequestDecoder requests(String topic, Declaration model) {
        Decoding decoding = decoding(topic, null);
        return new RequestDecoder() {
            @Override
            public InputRow decode(byte[] key, byte[] value, Headers headers, long timestamp) {
                if (decoding.decode(key, value, headers, timestamp) != Outcome.COMPLETE) {
                    throw new BadInputException("the record has no value");
                }
                return decoding.decoder.row();
            }

            @Override
            public long eventTime(long timestamp) {
                return decoding.decoder.eventTime();
            }

            @Override
            public int unfitSchemas() {
                return decoding.writers.unfit;
            }

            @Override
            public AtomicLongArray missing() {
                return decoding.decoder.missing();
            }
        };
    }

    private Decoding decoding(String topic, DeclaredDecoder.Target target) {
        Writers writers = new Writers(topic, target != null);
        DeclaredDecoder decoder = switch (declaration.format()) {
            case AVRO -> DeclaredDecoder.avro(declaration, target, writers);
            case JSON -> DeclaredDecoder.json(declaration, target);
        };
        return new Decoding(decoder, writers, serdes, topic, givesUp);
    }

    /** Gives the schemas of writers to one decoder, and compares each with the declaration. */
    private final class Writers implements IntFunction<Schema> {
        private final String topic;
        private final boolean labelled;
        private int unfit;

        Writers(String topic, boolean labelled) {
            this.topic = topic;
            this.labelled = labelled;
        }

        @Override
        public Schema apply(int id) {
            Schema schema = serdes.writerSchema(topic, id);
            SchemaFindings found = SchemaFit.check(topic, id, schema, declaration, labelled);
            if (!found.isEmpty()) {
                unfit++;
                if (told.add(new Written(topic, id))) {
                    findings.accept(found);
                }
            }
            return schema;
        }
    }

    /** A decoder behind a deserializer that waits for the registry, which passes on the value alone. */
    private static final class Decoding implements Deserializer<Outcome> {
        private final DeclaredDecoder decoder;
        private final Writers writers;
        private final RegistryRetryingDeserializer<Outcome> retrying;
        private byte[] key;
        private long timestamp;

        Decoding(DeclaredDecoder decoder, Writers writers, AvroSerdes serdes, String topic, boolean givesUp) {
            this.decoder = decoder;
            this.writers = writers;
            retrying = new RegistryRetryingDeserializer<>(
                    serdes, this, topic, RegistryRetryingDeserializer.PATIENCE, givesUp);
        }

        Outcome decode(byte[] key, byte[] value, Headers headers, long timestamp) {
            this.key = key;
            this.timestamp = timestamp;
            return value == null ? Outcome.NO_VALUE : retrying.deserialize(headers, value);
        }

        @Override
        public Outcome deserialize(String topic, Headers headers, byte[] value) {
            return decoder.decode(key, value, headers, timestamp);
        }

        @Override
        public Outcome deserialize(String topic, byte[] value) {
            throw new UnsupportedOperationException("a feature may need the headers");
        }
    }
}
