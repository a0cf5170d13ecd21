package io.millrace.bench.pass;

import io.millrace.bench.workload.BenchException;
import io.millrace.config.MillraceConfig;
import io.millrace.http.HttpServer;
import io.millrace.http.MetricsRoute;
import io.millrace.metrics.MetricSource;
import io.millrace.metrics.PrometheusText;
import io.millrace.records.AvroSerdes;
import io.millrace.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Those who look on while an application works: a page that receives its events, and a Prometheus that scrapes each second. The server is
 * in the application's JVM, as with {@code run}. A browser would draw, too; that is not measured.
 */
public final class Onlookers implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final long SCRAPE_MS = 1000;

    /** Those of the page and of the server; not those of the browser and of Prometheus. */
    private static final List<String> THREADS = List.of("watch-", "http-", "kafka-admin-client-thread | adminclient-");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Watch watch;
    private final HttpServer server;
    private CpuOfThreads cpu; // from when they look on
    private final CountDownLatch both = new CountDownLatch(2); // have seen something
    private final AtomicLong lines = new AtomicLong(); // of events
    private final AtomicLong scrapes = new AtomicLong();
    private volatile boolean closed;
    private volatile IOException fault;

    private Onlookers(Watch watch, HttpServer server) {
        this.watch = watch;
        this.server = server;
    }

    /**
     * Begins to look on, and returns when page and scraper have received something.
     *
     * @param role {@code train} or {@code serve}
     * @param streams the application
     * @param config its configuration; the topics exist
     * @throws BenchException when they receive nothing
     */
    public static Onlookers of(String role, KafkaStreams streams, MillraceConfig config, AvroSerdes serdes) {
        Watch watch = new Watch(config, serdes, null);
        Set<String> topics = Set.of(config.topics().examples(), config.topics().features());
        PrometheusText metrics = new PrometheusText(() -> List.of(new MetricSource(role, topics, streams.metrics())));
        Onlookers onlookers = new Onlookers(
                watch,
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        List.of(),
                        List.of(watch, new MetricsRoute(metrics::write, PrometheusText.CONTENT_TYPE))));
        onlookers.begin();
        onlookers.cpu = new CpuOfThreads(THREADS);
        return onlookers;
    }

    private void begin() {
        thread(this::receive, "bench-page");
        thread(this::scrape, "bench-scrapes");
        try {
            if (!both.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                close();
                throw new BenchException("The page or /metrics gave nothing within " + PATIENCE_SECONDS + " s.", fault);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }

    private interface Looking {
        void look() throws IOException, InterruptedException;
    }

    private void thread(Looking looking, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        looking.look();
                    } catch (IOException e) {
                        fault = closed ? fault : e;
                    } catch (InterruptedException e) {
                        // nobody interrupts
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private HttpRequest to(String path, String type) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Accept", type)
                .build();
    }

    private void receive() throws IOException, InterruptedException {
        try (Stream<String> events = client.send(to("/api/events", "text/event-stream"), BodyHandlers.ofLines())
                .body()) {
            events.forEach(line -> {
                if (lines.incrementAndGet() == 1) {
                    both.countDown();
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void scrape() throws IOException, InterruptedException {
        while (!closed) {
            client.send(to("/metrics", "text/plain"), BodyHandlers.ofByteArray());
            if (scrapes.incrementAndGet() == 1) {
                both.countDown();
            }
            Thread.sleep(SCRAPE_MS);
        }
    }

    /** @return how often the metrics were read so far */
    public long scrapes() {
        return scrapes.get();
    }

    /** {@return CPU seconds a second of the threads that offer page and metrics, since they are looked at} */
    public double cpu() {
        return cpu.perSecond();
    }

    /** @throws BenchException if one of them lost its connection, so that nobody looked on any more */
    public void requireLooking() {
        if (fault != null) {
            throw new BenchException("The page or /metrics stopped answering: " + fault + ".", fault);
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        server.close();
    }
}
