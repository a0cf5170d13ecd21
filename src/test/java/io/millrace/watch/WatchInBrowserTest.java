package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.command.WatchPage;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page as a user sees it. Skipped where there is no Chromium. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class WatchInBrowserTest {
    @TempDir
    Path profile;

    /** Stands for training: a member of its group. */
    private static final class Member implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;

        Member(MillraceConfig config) {
            Map<String, Object> settings = new HashMap<>(config.client());
            settings.put("group.id", config.applicationId().training());
            thread = new Thread(() -> {
                try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                    consumer.subscribe(List.of(config.topics().examples()));
                    while (!stopped.get()) {
                        consumer.poll(Duration.ofMillis(100));
                    }
                }
            });
            thread.start();
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            thread.join();
        }
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void shouldShowLearningAsItGoesOn(Cluster cluster) throws Exception {
        assumeTrue(Browser.isThere(), "Chromium and its driver are not there");
        MillraceConfig config = MillraceConfig.of(cluster.settings("watch"));
        new ClusterCheck(config).prepare(cluster.serdes());
        try (WatchedTopics topics = new WatchedTopics(config, cluster.serdes());
                Member training = new Member(config);
                WatchPage page = WatchPage.open(config, cluster.serdes(), 0);
                Browser browser = new Browser(profile)) {
            browser.look(1280, 1000, "light");
            browser.open(page.url());
            awaitText(browser, "#versions", "No model yet");
            awaitText(browser, "#letters", "No dead letters");
            awaitText(browser, "#loss", "No report yet");
            awaitText(browser, "#state", "no model yet: waiting for the first report");
            awaitText(browser, "#outcomes", "No report yet");
            awaitText(browser, "#fields", "No report yet");

            for (int i = 1; i <= 40; i++) {
                topics.report(Reports.of(64 * i));
            }
            topics.version();
            topics.nonsense();
            topics.letter("label is \"<b>maybe</b>\", which is not a class", "{\"label\":\"<b>maybe</b>\"}");
            awaitExamples(browser, "2,560");
            awaitText(browser, "#state", "learning");
            awaitText(browser, "#letters", "label is \"<b>maybe</b>\"");
            awaitText(browser, "#versions", "the first of its lineage");
            awaitText(browser, "#settings", "classification: no, yes", "2 - 16 relu");
            awaitText(browser, "#partitions", "watch.examples, 0", "lag 0", "read by consumer-");
            assertThat((String) browser.run("return fetch(document.querySelector('#versions a').href)"
                            + ".then(got => got.status + ' ' + got.headers.get('Content-Disposition'))"))
                    .isEqualTo("200 attachment; filename=\"" + config.modelName() + "-0-0.avro\"");
            awaitText(browser, "#problem", "One record cannot be read", "validation-losses-0 at offset 40");
            assertThat(browser.text("#loss figcaption"))
                    .startsWith(String.format(
                            Locale.ROOT,
                            "prequential, faded: now %.4f",
                            Reports.report(2560).getFadedLoss()));

            awaitText(browser, "#outcomes", "54 of 64 examples", "no 30 4 88.2 %", "precision 83.3 % 85.7 %");
            awaitText(
                    browser,
                    "#fields",
                    "plan",
                    "0.7000",
                    "25.0 %",
                    "0.9000",
                    "plan=free",
                    "0.4000",
                    "+1.00",
                    "drift",
                    "city",
                    "50.0 %");

            browser.type("#ask input", "0.5, x");
            awaitText(browser, "#ask", "features is \"0.5, x\", no number.");
            browser.type("#ask input", "0.5, -0.5");
            awaitText(browser, "#ask", "yes", "no", "scores, version 0");

            for (int i = 41; i <= 80; i++) {
                topics.report(Reports.of(64 * i).setRefusedExamples(i == 60 ? 32 : 0));
            }
            awaitExamples(browser, "5,120");
            assertThat(browser.text("#loss figcaption")).endsWith("; 1 mark.");
            browser.run("document.querySelector('#loss details').open = true");
            awaitText(browser, "#loss details", "40 of 80 points", "at 3,840 examples: guard refused 32 examples");

            browser.reload();
            awaitExamples(browser, "5,120");
            assertAccessible(browser);

            training.close();
            awaitText(browser, "#state", "training does not run");
            page.close();
            awaitText(browser, "#lost", "No connection to millrace since");
            assertThat(browser.text("#state")).isEqualTo("connection lost");
        }
    }

    private static void awaitExamples(Browser browser, String examples) {
        awaitText(browser, "#loss figcaption", "over " + examples + " examples learned");
    }

    /** What the page shows comes by events, in any order. */
    private static void awaitText(Browser browser, String selector, String... texts) {
        Cluster.await(selector + " with " + String.join(", ", texts), () -> {
            String shown = browser.text(selector);
            return Stream.of(texts).allMatch(shown::contains);
        });
    }

    private static void assertAccessible(Browser browser) throws Exception {
        Map<Integer, String> looks = Map.of(1280, "light", 390, "dark"); // each costs seconds
        for (Map.Entry<Integer, String> look : looks.entrySet()) {
            browser.look(look.getKey(), 1000, look.getValue());
            assertThat(browser.inaccessible()).as(look.toString()).isEmpty();
            assertThat((Boolean) browser.run(
                            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                    .as("fits into %d pixels", look.getKey())
                    .isTrue();
        }
        assertThat(browser.complaints()).isEmpty();
    }
}
