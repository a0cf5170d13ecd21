package io.millrace.cli.topic;

import io.millrace.config.MillraceConfig;
import io.millrace.input.ExampleCodec;
import io.millrace.input.Inputs;
import io.millrace.learner.input.BadInputException;
import io.millrace.records.AvroSerdes;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What becomes of the sampled records with a configuration, as training decodes them.
 *
 * @param learned number that training learns
 * @param skipped number without a label
 * @param refused number that goes to the dead letters
 * @param first why the first of these does; empty if none does
 */
record SampleCheck(long learned, long skipped, long refused, String first) {
    static SampleCheck of(MillraceConfig config, AvroSerdes serdes, TopicSample sample) {
        ExampleCodec codec = Inputs.ofReplay(serdes).examples(config.topics().examples(), config.learner());
        long learned = 0;
        long skipped = 0;
        long refused = 0;
        String first = "";
        for (ConsumerRecord<byte[], byte[]> record : sample.records()) {
            try {
                if (codec.decode(record.key(), record.value(), record.headers(), Math.max(0, record.timestamp()))
                        == null) {
                    skipped++;
                } else {
                    learned++;
                }
            } catch (BadInputException e) {
                first = refused++ == 0 ? e.getMessage() : first;
            }
        }
        return new SampleCheck(learned, skipped, refused, first);
    }

    @Override
    public String toString() {
        return "Of the records, " + learned + " can be learned, " + skipped + " have no label and are skipped, "
                + refused + " go to the dead letters" + (first.isEmpty() ? "" : "; the first because " + first) + ".";
    }
}
