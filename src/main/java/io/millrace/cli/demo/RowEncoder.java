package io.millrace.cli.demo;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.cli.csv.FileRecord;
import io.millrace.cli.csv.LabelledRow;
import io.millrace.cli.csv.Labelling;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.nio.charset.StandardCharsets;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Rows as the values of records. For one thread. */
interface RowEncoder {
    byte[] example(LabelledRow row);

    byte[] request(LabelledRow row);

    /** The encoder of a stream: of the records made for its file, or of {@code Example} and {@code Features}. */
    static RowEncoder of(MillraceConfig config, AvroSerdes serdes, DemoStream stream) {
        return stream.record() == null
                ? new Examples(config, serdes, Labelling.of(config.learner(), stream.labels()))
                : new Records(config, serdes, stream.record());
    }

    /** Rows of numbers. */
    final class Examples implements RowEncoder {
        private final MillraceConfig config;
        private final Labelling labelling;
        private final Serializer<Example> examples;
        private final Serializer<Features> requests;

        private Examples(MillraceConfig config, AvroSerdes serdes, Labelling labelling) {
            this.config = config;
            this.labelling = labelling;
            examples = serdes.valueSerde(Example.class).serializer();
            requests = serdes.valueSerde(Features.class).serializer();
        }

        @Override
        public byte[] example(LabelledRow row) {
            return examples.serialize(config.topics().examples(), row.example(labelling));
        }

        @Override
        public byte[] request(LabelledRow row) {
            return requests.serialize(config.topics().features(), row.request());
        }
    }

    /** Rows of any columns. One that cannot be read is sent as the sentence that says why, which nothing takes for a record. */
    final class Records implements RowEncoder {
        private final MillraceConfig config;
        private final FileRecord file;
        private final Serializer<GenericRecord> records;

        private Records(MillraceConfig config, AvroSerdes serdes, FileRecord file) {
            this.config = config;
            this.file = file;
            records = serdes.genericValueSerializer();
        }

        @Override
        public byte[] example(LabelledRow row) {
            return row.record() == null
                    ? unread(row)
                    : records.serialize(config.topics().examples(), row.record());
        }

        @Override
        public byte[] request(LabelledRow row) {
            return row.record() == null
                    ? unread(row)
                    : records.serialize(config.topics().features(), file.request(row.record()));
        }

        private static byte[] unread(LabelledRow row) {
            return row.place().getBytes(StandardCharsets.UTF_8);
        }
    }
}
