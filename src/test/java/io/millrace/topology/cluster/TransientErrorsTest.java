package io.millrace.topology.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.records.RegistryUnavailableException;
import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class TransientErrorsTest {
    @Test
    void shouldWaitForARegistryThatIsAway() {
        Throwable away = new RegistryUnavailableException("no answer from it", new IOException("refused"));
        assertThat(TransientErrors.sentence(new StreamsException("in a task", away)))
                .hasValue("The schema registry cannot be reached (no answer from it)");
    }

    @Test
    void shouldWaitForBrokersThatDoNotAnswer() {
        Throwable commit = new KafkaException("the commit", new TimeoutException("after 60000 ms"));
        assertThat(TransientErrors.sentence(new StreamsException("in a commit", commit)))
                .hasValue("The brokers did not answer (after 60000 ms)");
        assertThat(TransientErrors.sentence(new StreamsException(new TransactionAbortableException("try again"))))
                .isPresent();
        assertThat(TransientErrors.sentence(new StreamsException(new InvalidTxnStateException("it was ended"))))
                .isPresent();
    }

    @Test
    void shouldNameATopicThatIsNotThere() {
        Throwable unknown = new UnknownTopicOrPartitionException("not hosted");
        String message = "Error encountered sending record to topic letters for task 0_0 due to:\n";
        assertThat(TransientErrors.sentence(new StreamsException(message, new TimeoutException("in vain", unknown))))
                .hasValue("The topic letters is not there (not hosted): create it again; its records wait until then");
        assertThat(TransientErrors.sentence(new StreamsException(message, new TimeoutException("expired"))))
                .hasValue("The brokers did not answer (topic letters: expired)");
    }

    /** What Kafka's producer says when all that it had sent to a partition has expired; Kafka has no type for it. */
    @Test
    void shouldWaitForBrokersThatAcknowledgedNothing() {
        Throwable refused = new KafkaException(
                "Cannot perform send because at least one previous transactional or idempotent request has failed with errors.",
                new KafkaException("The client hasn't received acknowledgment for some previously sent messages"));
        assertThat(TransientErrors.sentence(new StreamsException("Error encountered trying to send", refused)))
                .isPresent();
    }

    @Test
    void shouldNotWaitForWhatWillNotPass() {
        assertThat(TransientErrors.sentence(new StreamsException(new RecordTooLargeException("2 MiB"))))
                .isEmpty();
        assertThat(TransientErrors.sentence(new StreamsException(
                        new KafkaException("refused to commit", new RecordTooLargeException("2 MiB")))))
                .isEmpty();
        assertThat(TransientErrors.sentence(new IllegalStateException("a fault in the code")))
                .isEmpty();
    }
}
