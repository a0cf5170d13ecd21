package io.millrace.watch;

import io.javalin.config.JavalinConfig;
import io.millrace.config.MillraceConfig;
import io.millrace.http.HttpPart;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.serving.LiveModel;
import java.util.List;
import org.jline.utils.AttributedString;

/**
 * Watches a model learn: reads what training writes, and offers it as a page, as JSON and as events. It changes nothing in the cluster. It begins
 * to read when somebody looks, so that a page that nobody opens costs nothing.
 */
public final class Watch implements HttpPart, AutoCloseable {
    private static final long ASK_MS = 2000;
    private static final long STATUS_MS = 900; // a page asks each second

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final LiveModel live;
    private final Picture picture;
    private final StoredVersions versions;
    private final WatchRoutes routes;
    private boolean closed;
    private TopicReader reader; // null until somebody looks
    private Brokers brokers;
    private Thread reading;
    private Thread asking;
    private volatile TrainingGroup.Seen seen = TrainingGroup.Seen.NOTHING;
    private volatile Double answersPerSecond; // null when it is not known

    /**
     * @param config names the cluster, the topics and the model
     * @param serdes Avro serdes on the configured registry, open longer than this object
     * @param live receives every version, so that it can be asked; null: nobody asks
     */
    public Watch(MillraceConfig config, AvroSerdes serdes, LiveModel live) {
        this.config = config;
        this.serdes = serdes;
        this.live = live;
        picture = new Picture(config.modelName());
        versions = new StoredVersions(config, serdes);
        routes = new WatchRoutes(
                picture, new Remembered<>(this::status, STATUS_MS, () -> System.nanoTime() / 1_000_000));
    }

    /** Begins to read the topics, if that has not begun yet. */
    public synchronized void begin() {
        if (reader != null || closed) {
            return;
        }
        reader = new TopicReader(config, serdes, picture, versions, live);
        brokers = new Brokers(config);
        reading = thread(reader, "watch-topics");
        asking = thread(this::ask, "watch-group");
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void ask() {
        TrainingGroup group = new TrainingGroup(config, picture::learnedTopic, brokers);
        String examples = config.topics().examples();
        AnswerRate answers = new AnswerRate(brokers, config.topics().predictions());
        try {
            while (true) {
                seen = group.ask();
                int partitions = (int) seen.partitions().stream()
                        .filter(each -> each.topic().equals(examples))
                        .count();
                if (partitions > 0) {
                    picture.partitions(examples, partitions);
                }
                answersPerSecond = answers.ask();
                Thread.sleep(ASK_MS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private Status status() {
        begin();
        long now = System.currentTimeMillis();
        TopicReader begun = reader; // null if the page was closed before anybody looked
        return Status.of(
                picture.facts(now),
                begun == null ? 0 : begun.read(),
                seen,
                answersPerSecond,
                begun == null ? null : begun.problem(),
                now);
    }

    /**
     * What the page shows first, as text.
     *
     * @param partition of the replica whose curves are shown; null: the first that there is
     * @param columns width of a line
     * @param rows most lines
     */
    public List<AttributedString> text(Integer partition, int columns, int rows) {
        return new TextPage(picture.whole(), status(), partition, columns).lines(rows);
    }

    /** {@return the state and the newest numbers in one line} */
    public String line(Integer partition) {
        return new TextPage(picture.whole(), status(), partition, Integer.MAX_VALUE).line();
    }

    /** Adds the page, {@code /api/state}, {@code /api/events} and {@code /api/versions} to a server. */
    @Override
    public void addTo(JavalinConfig config) {
        routes.addTo(config);
        new VersionDownload(this.config.modelName(), versions).addTo(config);
    }

    /** Ends the streams of events and stops reading. Further calls have no effect. */
    @Override
    public synchronized void close() {
        routes.close();
        closed = true;
        if (reader == null) {
            return;
        }
        reader.close();
        asking.interrupt();
        try {
            reading.join();
            asking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        brokers.close();
    }
}
