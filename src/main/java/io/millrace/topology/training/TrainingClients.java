package io.millrace.topology.training;

import io.millrace.topology.history.ExamplesTopic;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Training's Kafka clients, which wrap the configured ones. A commit that is not answered in time ends its thread, so that a new thread
 * continues from what the brokers have committed. A consumer whose offset does not exist any more reports it, and so does one that waits
 * for records.
 *
 * <p>After a {@link TimeoutException}, Kafka Streams 4.3.1 considers the task corrupted, recreates it in the same thread, and requests a
 * rebalance. If the rebalance ends before the new task is initialised, the task is created once more, and the consumer is not moved back to
 * the last commit: the examples between the last commit and the last fetch would never be learned. {@code FailFastProductionHandler} does
 * the same for sends.
 */
public final class TrainingClients implements KafkaClientSupplier {
    private final KafkaClientSupplier configured;
    private final ExamplesTopic examples;
    private final IdleCommits commits;

    public TrainingClients(KafkaClientSupplier configured, ExamplesTopic examples, IdleCommits commits) {
        this.configured = configured;
        this.examples = examples;
        this.commits = commits;
    }

    @Override
    @SuppressWarnings("unchecked") // a proxy has the type of its interface
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                TrainingClients.class.getClassLoader(),
                new Class<?>[] {Producer.class},
                new Commits(configured.getProducer(config)));
    }

    /** Passes all calls on to a producer, except those that follow an unanswered commit. */
    private static final class Commits implements InvocationHandler {
        private static final Set<String> COMMIT = Set.of("sendOffsetsToTransaction", "commitTransaction");

        private static final Duration LAST_WORD = Duration.ofSeconds(1);

        private final Producer<byte[], byte[]> producer;
        private boolean undecided;

        Commits(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (undecided && method.getName().equals("abortTransaction")) {
                return null; // the brokers decide: the commit has reached them, or the transaction will time out
            }
            if (undecided && method.getName().equals("close")) {
                producer.close(LAST_WORD); // without a limit, it would wait, and the thread would keep its partitions
                return null;
            }
            try {
                return method.invoke(producer, arguments);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof TimeoutException timeout && COMMIT.contains(method.getName())) {
                    undecided = method.getName().equals("commitTransaction");
                    throw new KafkaException("The brokers did not answer a commit in time (max.block.ms).", timeout);
                }
                throw e.getCause();
            }
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return configured.getAdmin(config);
    }

    @Override
    @SuppressWarnings("unchecked") // a proxy has the type of its interface
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        Map<String, Object> jumpsNowhere = new HashMap<>(config);
        jumpsNowhere.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        Consumer<byte[], byte[]> consumer = configured.getConsumer(jumpsNowhere);
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                TrainingClients.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    try {
                        if (!method.getName().equals("poll")) {
                            return method.invoke(consumer, arguments);
                        }
                        commits.polling();
                        Object records = method.invoke(consumer, arguments);
                        commits.polled();
                        return records;
                    } catch (InvocationTargetException e) {
                        if (e.getCause()
                                instanceof InvalidOffsetException lost) { // Kafka Streams moves it, as configured
                            examples.jumps(lost);
                        }
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return configured.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return configured.getGlobalConsumer(config);
    }
}
