package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.RegistryUnavailableException;
import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class PassingFaultTest {
    @Test
    void shouldWaitForARegistryThatIsAway() {
        Throwable away = new RegistryUnavailableException("no answer from it", new IOException("refused"));
        assertThat(PassingFault.sentence(new StreamsException("in a task", away)))
                .hasValue("The schema registry cannot be reached (no answer from it)");
    }

    @Test
    void shouldWaitForBrokersThatDoNotAnswer() {
        Throwable commit = new KafkaException("the commit", new TimeoutException("after 60000 ms"));
        assertThat(PassingFault.sentence(new StreamsException("in a commit", commit)))
                .hasValue("The brokers did not answer (after 60000 ms)");
        assertThat(PassingFault.sentence(new StreamsException(new TransactionAbortableException("try again"))))
                .isPresent();
    }

    /** What Kafka's producer says when all that it had sent to a partition has expired; Kafka has no type for it. */
    @Test
    void shouldWaitForBrokersThatAcknowledgedNothing() {
        Throwable refused = new KafkaException(
                "Cannot perform send because at least one previous transactional or idempotent request has failed with errors.",
                new KafkaException("The client hasn't received acknowledgment for some previously sent messages"));
        assertThat(PassingFault.sentence(new StreamsException("Error encountered trying to send", refused)))
                .isPresent();
    }

    @Test
    void shouldNotWaitForWhatWillNotPass() {
        assertThat(PassingFault.sentence(new StreamsException(new RecordTooLargeException("2 MiB"))))
                .isEmpty();
        assertThat(PassingFault.sentence(new StreamsException(
                        new KafkaException("refused to commit", new RecordTooLargeException("2 MiB")))))
                .isEmpty();
        assertThat(PassingFault.sentence(new IllegalStateException("a fault in the code")))
                .isEmpty();
    }
}
