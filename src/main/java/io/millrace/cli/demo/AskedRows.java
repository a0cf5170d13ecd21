package io.millrace.cli.demo;

import io.millrace.cli.csv.LabelledRow;
import io.millrace.config.MillraceConfig;
import io.millrace.input.DecodedExample;
import io.millrace.input.ExampleCodec;
import io.millrace.input.Inputs;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.TargetCheck;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;

/**
 * The rows that were sent as requests, with the labels that answers to them are judged by. Reads the stream a second time, as far as the
 * newest answer, and holds the rows up to there whose answers are still to come. For one thread.
 */
final class AskedRows {
    /**
     * A row that was sent as a request.
     *
     * @param target as {@code Labels} encodes it; null if the row has no label that can be learned
     * @param before number of earlier rows that can be learned
     */
    record Asked(float[] target, long before) {}

    private final Iterable<LabelledRow> stream;
    private final Function<LabelledRow, float[]> targets;
    private final RequestShare share;
    private final Map<Long, Asked> open = new HashMap<>();
    private Iterator<LabelledRow> rows; // null before the first answer
    private long next; // row to read
    private long learnable; // rows so far

    /**
     * @param rows the stream
     * @param targets the target of a row, null if the row is not an example
     * @param share the rows that are sent as requests
     */
    AskedRows(Iterable<LabelledRow> rows, Function<LabelledRow, float[]> targets, RequestShare share) {
        stream = rows;
        this.targets = targets;
        this.share = share;
    }

    /** The rows of a stream. Their examples are encoded and decoded as training does it, so that labels mean the same. */
    static AskedRows of(MillraceConfig config, AvroSerdes serdes, DemoStream stream, RequestShare share) {
        RowEncoder encoder = RowEncoder.of(config, serdes, stream);
        LearnerSpec learner = config.learner();
        ExampleCodec codec = Inputs.ofReplay(serdes).examples(config.topics().examples(), learner);
        TargetCheck check = new TargetCheck(learner.task(), learner.classes().size(), learner.targetWidth());
        return new AskedRows(
                stream.rows().get(),
                row -> {
                    if (row.fault() != null) {
                        return null;
                    }
                    try {
                        DecodedExample example = codec.decode(null, encoder.example(row), row.headers(), 0);
                        check.check(example.target());
                        return example.target().clone();
                    } catch (BadInputException e) {
                        return null; // its dead letter tells why
                    }
                },
                share);
    }

    /**
     * Takes a row out, when its first answer has come.
     *
     * @param row from 0
     * @return null if the row was taken out before, or was not sent as a request
     */
    Asked take(long row) {
        if (rows == null) {
            rows = stream.iterator();
        }
        while (next <= row && rows.hasNext()) {
            float[] target = targets.apply(rows.next());
            if (share.includes(next)) {
                open.put(next, new Asked(target, learnable));
            }
            learnable += target == null ? 0 : 1;
            next++;
        }
        return open.remove(row);
    }
}
