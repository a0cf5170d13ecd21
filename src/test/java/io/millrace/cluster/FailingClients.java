package io.millrace.cluster;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Kafka's clients, whose producer fails where it is told to ({@code default.client.supplier}). One fault at a time, in the whole JVM, or in
 * the producers at which it is aimed.
 */
public final class FailingClients implements KafkaClientSupplier {
    /** What fails. */
    enum Fault {
        /** A store write: the send to its changelog throws within it. */
        STORE_WRITE,
        /** A send to a changelog or an output topic, which turns out later. */
        SEND,
        /** A send that the broker does not answer in time. */
        SEND_TIMEOUT,
        /** The offsets do not reach the transaction. */
        OFFSETS,
        /** The commit does not reach the broker. */
        COMMIT_LOST,
        /** The commit succeeds, and its answer is lost. */
        COMMIT_UNANSWERED
    }

    private static final AtomicReference<Runnable> BEFORE_OFFSETS = new AtomicReference<>(() -> {});
    private static final AtomicReference<Runnable> BEFORE_COMMIT = new AtomicReference<>(() -> {});

    private static final RuntimeException ANSWER_LOST = new TimeoutException("injected after the commit");
    private static final AtomicInteger CALLS_LEFT = new AtomicInteger();
    private static volatile Fault armed;
    private static volatile String target = "";

    private final KafkaClientSupplier clients = new DefaultKafkaClientSupplier();

    /** @param transactionalId the producers that fail have it as a part of theirs; empty: all */
    static void aimAt(String transactionalId) {
        target = transactionalId;
    }

    /** @param nth which call from now on fails, from 1 */
    static void arm(Fault fault, int nth) {
        CALLS_LEFT.set(nth);
        armed = fault;
    }

    /** @param work is done once, right before offsets are sent to a transaction */
    static void beforeOffsets(Runnable work) {
        BEFORE_OFFSETS.set(work);
    }

    /** @param work is done once, right before the next commit is sent */
    static void beforeCommit(Runnable work) {
        BEFORE_COMMIT.set(work);
    }

    static boolean fired() {
        return armed == null;
    }

    private static boolean isTarget(Map<String, Object> config) {
        return String.valueOf(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG))
                .contains(target);
    }

    private static boolean failsNow(Fault... faults) {
        Fault now = armed;
        for (Fault fault : faults) {
            if (fault == now && CALLS_LEFT.decrementAndGet() == 0) {
                armed = null;
                return true;
            }
        }
        return false;
    }

    @Override
    @SuppressWarnings("unchecked") // a proxy has the type of its interface
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        Producer<byte[], byte[]> producer = clients.getProducer(config);
        AtomicReference<RuntimeException> error = new AtomicReference<>();
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                FailingClients.class.getClassLoader(),
                new Class<?>[] {Producer.class},
                (proxy, method, arguments) -> isTarget(config)
                        ? call(producer, error, method, arguments)
                        : passed(producer, method, arguments));
    }

    /** @param error why the transaction can only be aborted: Kafka's producer, too, refuses to commit without a record that failed */
    private static Object call(
            Producer<byte[], byte[]> producer,
            AtomicReference<RuntimeException> error,
            Method method,
            Object[] arguments)
            throws Throwable {
        switch (method.getName()) {
            case "send" -> {
                String topic = ((ProducerRecord<?, ?>) arguments[0]).topic();
                if (topic.endsWith("-changelog") && failsNow(Fault.STORE_WRITE)) {
                    error.set(new KafkaException("injected into a write to " + topic));
                    throw error.get();
                }
                Fault before = armed;
                if (failsNow(Fault.SEND, Fault.SEND_TIMEOUT)) {
                    RuntimeException failure = before == Fault.SEND
                            ? new KafkaException("injected into a send to " + topic)
                            : new TimeoutException("injected into a send to " + topic);
                    error.set(failure);
                    if (arguments.length > 1) {
                        ((Callback) arguments[1]).onCompletion(null, failure);
                    }
                    return CompletableFuture.failedFuture(failure);
                }
            }
            case "sendOffsetsToTransaction" -> {
                refuse(error);
                BEFORE_OFFSETS.getAndSet(() -> {}).run();
                if (failsNow(Fault.OFFSETS)) {
                    error.set(new TimeoutException("injected into the offsets"));
                    throw error.get();
                }
            }
            case "abortTransaction" -> error.set(null);
            case "commitTransaction" -> {
                if (error.get() == ANSWER_LOST) {
                    error.set(null); // asked again, Kafka's producer gives the answer
                    return null;
                }
                refuse(error);
                BEFORE_COMMIT.getAndSet(() -> {}).run();
                if (failsNow(Fault.COMMIT_LOST)) {
                    throw new TimeoutException("injected before the commit");
                }
                if (failsNow(Fault.COMMIT_UNANSWERED)) {
                    producer.commitTransaction();
                    error.set(ANSWER_LOST);
                    throw ANSWER_LOST;
                }
            }
            default -> {
                // passes
            }
        }
        return passed(producer, method, arguments);
    }

    private static Object passed(Producer<byte[], byte[]> producer, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(producer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void refuse(AtomicReference<RuntimeException> error) {
        if (error.get() != null && error.get() != ANSWER_LOST) {
            throw new KafkaException("the transaction can only be aborted", error.get());
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return clients.getAdmin(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return clients.getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return clients.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return clients.getGlobalConsumer(config);
    }
}
