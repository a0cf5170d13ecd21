package io.millrace.bench.workload;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is measured.
 *
 * @param fields whether records have fields of their own and declared features, instead of being Example
 * @param ensemble whether an ensemble learns instead of a network
 * @param features features of an Example
 * @param hidden units of the hidden layers, separated by commas; may be empty
 * @param outputs classes
 * @param batch examples of a mini-batch
 * @param examples examples that each pass reads
 * @param rounds measured rounds
 * @param rate requests a second
 * @param requests requests in all; the first quarter is warm-up
 * @param overrides settings that win over the benchmark's own
 */
public record Workload(
        boolean fields,
        boolean ensemble,
        int features,
        String hidden,
        int outputs,
        int batch,
        long examples,
        int rounds,
        double rate,
        int requests,
        Map<String, String> overrides) {
    private static final long MIN_WARM_UP = 1_000_000;

    /** @return the settings of the model and of learning, overrides included */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.putAll(fields ? FieldRecords.SETTINGS : Map.of("model.inputs", String.valueOf(features)));
        settings.put("model.kind", ensemble ? "ensemble" : "network");
        if (!ensemble) {
            settings.put("model.hidden", hidden);
            settings.put("batch.size", String.valueOf(batch));
        }
        settings.put(
                "model.classes",
                IntStream.range(0, outputs).mapToObj(String::valueOf).collect(Collectors.joining(",")));
        settings.putAll(overrides);
        return settings;
    }

    /** @return the same examples, learned with default settings: by an ensemble */
    public Workload defaults() {
        return new Workload(fields, true, features, hidden, outputs, 1, examples, rounds, rate, requests, overrides);
    }

    /** @return the same, without a thread of the learner's own */
    public Workload inOneThread() {
        Map<String, String> others = new LinkedHashMap<>(overrides);
        others.put("learner.thread", "false");
        return with(others);
    }

    /** @return the same with other overrides */
    public Workload with(Map<String, String> others) {
        return new Workload(
                fields, ensemble, features, hidden, outputs, batch, examples, rounds, rate, requests, others);
    }

    /**
     * @return examples of the unmeasured pass: enough for the compiler, or a tenth of the measured ones if that is more
     */
    public long warmUpExamples() {
        return Math.min(examples, Math.max(examples / 10, MIN_WARM_UP));
    }

    /**
     * @param config of the pass that writes the examples
     * @return the records to write and to learn
     */
    public BenchRecords records(MillraceConfig config, AvroSerdes serdes) {
        return fields
                ? new FieldRecords(this, config.topics().examples(), serdes)
                : new VectorRecords(this, config.topics(), serdes);
    }

    /** @return the widths of the layers, for example 8-32-2, or fields-32-2; of an ensemble, what enters and leaves it */
    public String shape() {
        String hiddenLayers = ensemble ? "" : hidden;
        return (ensemble ? "ensemble " : "")
                + (fields ? "fields" : String.valueOf(features)) + "-"
                + (hiddenLayers.isBlank() ? "" : hiddenLayers.replace(" ", "").replace(',', '-') + "-") + outputs;
    }
}
