package io.millrace.watch;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;

/** How many answers serving writes a second, by the ends of the predictions topic: each answer takes one offset. */
final class AnswerRate {
    private final Brokers brokers;
    private final String topic;
    private final CommitProgress written = new CommitProgress();

    /** @param topic of the predictions */
    AnswerRate(Brokers brokers, String topic) {
        this.brokers = brokers;
        this.topic = topic;
    }

    /** {@return the rate over the last ten seconds; null when it is not known, for instance without the right to see the topic} */
    Double ask() throws InterruptedException {
        try {
            long end = brokers.offsets(topic, OffsetSpec.latest()).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            written.add(System.nanoTime() / 1_000_000, end);
            return written.perSecond();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return null;
        }
    }
}
