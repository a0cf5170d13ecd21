package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cluster")
@ExtendWith(SharedCluster.class)
class StoredVersionsTest {
    private static final int OTHER_RECORDS = 8;
    private static final int OTHER_BYTES = 900_000;

    /** Bytes of a topic that the broker has sent; it is in this JVM. */
    private static long sent(String topic) throws JMException {
        return (Long) ManagementFactory.getPlatformMBeanServer()
                .getAttribute(
                        new ObjectName("kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec,topic=" + topic),
                        "Count");
    }

    @Test
    void shouldReadAKnownVersionFromItsFirstRecordOnAndSearchForAnother(Cluster cluster) throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings("stored-versions"));
        new ClusterCheck(config).prepare(cluster.serdes());
        String topic = config.topics().modelSnapshots();
        try (KafkaProducer<byte[], byte[]> others =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < OTHER_RECORDS; i++) {
                others.send(new ProducerRecord<>(topic, new byte[] {(byte) i}, new byte[OTHER_BYTES]));
            }
        }
        Picture picture = new Picture(config.modelName());
        StoredVersions versions = new StoredVersions(config, cluster.serdes());
        TopicReader reader = new TopicReader(config, cluster.serdes(), picture, versions, null);
        Thread reading = new Thread(reader);
        reading.start();
        try (WatchedTopics topics = new WatchedTopics(config, cluster.serdes())) {
            topics.version();
            Cluster.await("the version", () -> !picture.whole().versions().isEmpty());
        } finally {
            reader.close();
            reading.join();
        }

        long before = sent(topic);
        StoredSnapshot known = versions.version(0, 0);
        long ofKnown = sent(topic) - before;
        StoredSnapshot sought = new StoredVersions(config, cluster.serdes()).version(0, 0);
        long ofSought = sent(topic) - before - ofKnown;

        assertThat(known.chunks()).isEqualTo(WatchedTopics.chunks(config)).isEqualTo(sought.chunks());
        assertThat(known.model()).isNotNull();
        assertThat(ofSought).isGreaterThan(OTHER_RECORDS * OTHER_BYTES);
        assertThat(ofKnown).isBetween(1L, (long) OTHER_BYTES / 10);
        assertThat(versions.version(0, 64)).isNull();
    }
}
