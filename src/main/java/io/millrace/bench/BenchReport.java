package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.bench.pass.Latencies;
import io.millrace.bench.pass.Subject;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.Workload;
import io.millrace.nn.kernels.KernelsProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.utils.AppInfoParser;

/** Prints a result as a table for people and as JSON for programs. */
public final class BenchReport {
    private final BenchResult result;
    private final Workload workload;

    /** @param result the measured figures */
    public BenchReport(BenchResult result) {
        this.result = result;
        workload = result.workload();
    }

    /** @param out receives the table */
    public void print(PrintWriter out) {
        out.println(format(
                "%s, mini-batches of %d, %,d examples of %,d bytes",
                workload.shape(), workload.batch(), workload.examples(), result.exampleBytes()));
        out.println(format(
                "Java %s, Kafka %s, %d cores. %s",
                System.getProperty("java.version"),
                AppInfoParser.getVersion(),
                Runtime.getRuntime().availableProcessors(),
                KernelsProvider.description()));
        out.println();
        StringBuilder head = new StringBuilder(format("%-18s", "records/s"));
        for (int round = 1; round <= result.rounds().size(); round++) {
            head.append(format("%12s", "round " + round));
        }
        out.println(head.append(format("%12s", "median")));
        rates(out, Subject.RAW_CONSUMER, BenchResult.Round::rawConsumer);
        rates(out, Subject.EMPTY_TOPOLOGY, BenchResult.Round::emptyTopology);
        rates(out, Subject.TRAINING, BenchResult.Round::training);
        rates(out, Subject.ONE_THREAD, BenchResult.Round::oneThread);
        rates(out, Subject.DEFAULTS, BenchResult.Round::defaults);
        row(out, "training / empty", "%12.2f", BenchResult.Round::share, result.share());
        out.println();
        Latencies latencies = result.latencies();
        out.println(format(
                "serving, %.0f requests/s: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms (%,d requests)",
                workload.rate(),
                latencies.percentile(50),
                latencies.percentile(90),
                latencies.percentile(99),
                latencies.max(),
                latencies.count()));
        Latencies fresh = result.freshness();
        out.println(format(
                "freshness with default settings, from the append of an example to the first answer that has learned it: p50"
                        + " %.0f ms, p99 %.0f ms (%,d examples)",
                fresh.percentile(50), fresh.percentile(99), fresh.count()));
        out.println(format("filling the topic: %,.0f records/s", result.fillRate()));
        out.flush();
    }

    private void rates(PrintWriter out, Subject subject, ToDoubleFunction<BenchResult.Round> rate) {
        row(out, subject.title(), "%,12.0f", rate, result.median(rate));
    }

    private void row(
            PrintWriter out, String name, String cell, ToDoubleFunction<BenchResult.Round> value, double median) {
        StringBuilder line = new StringBuilder(format("%-18s", name));
        result.rounds().forEach(round -> line.append(format(cell, value.applyAsDouble(round))));
        out.println(line.append(format(cell, median)));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /**
     * @param file receives JSON; its directory must exist
     * @throws BenchException when it cannot be written
     */
    public void save(Path file) {
        try {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json());
        } catch (IOException e) {
            throw new BenchException("The report " + file + " cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rawConsumer", Math.round(result.median(BenchResult.Round::rawConsumer)));
        json.put("emptyTopology", Math.round(result.median(BenchResult.Round::emptyTopology)));
        json.put("training", Math.round(result.median(BenchResult.Round::training)));
        json.put("oneThread", Math.round(result.median(BenchResult.Round::oneThread)));
        json.put("defaults", Math.round(result.median(BenchResult.Round::defaults)));
        json.put("share", rounded(result.share()));
        json.put("servingP50Ms", rounded(result.latencies().percentile(50)));
        json.put("servingP90Ms", rounded(result.latencies().percentile(90)));
        json.put("servingP99Ms", rounded(result.latencies().percentile(99)));
        json.put("servingMaxMs", rounded(result.latencies().max()));
        json.put("freshnessP50Ms", rounded(result.freshness().percentile(50)));
        json.put("freshnessP99Ms", rounded(result.freshness().percentile(99)));
        json.put("fill", Math.round(result.fillRate()));
        json.put("rounds", result.rounds());
        json.put("network", workload.shape());
        json.put("batch", workload.batch());
        json.put("examples", workload.examples());
        json.put("exampleBytes", result.exampleBytes());
        json.put("rate", workload.rate());
        json.put("requests", workload.requests());
        json.put("overrides", workload.overrides());
        json.put("java", System.getProperty("java.version"));
        json.put("kafka", AppInfoParser.getVersion());
        json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.put("cores", Runtime.getRuntime().availableProcessors());
        json.put("kernels", KernelsProvider.description());
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
