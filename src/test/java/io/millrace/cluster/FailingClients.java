package io.millrace.cluster;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** Kafka's clients, whose producer fails where it is told to ({@code default.client.supplier}). One fault at a time, in the whole JVM. */
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

    private static final AtomicInteger CALLS_LEFT = new AtomicInteger();
    private static volatile Fault armed;

    private final KafkaClientSupplier clients = new DefaultKafkaClientSupplier();

    /** @param nth which call from now on fails, from 1 */
    static void arm(Fault fault, int nth) {
        CALLS_LEFT.set(nth);
        armed = fault;
    }

    static boolean fired() {
        return armed == null;
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
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                FailingClients.class.getClassLoader(),
                new Class<?>[] {Producer.class},
                (proxy, method, arguments) -> call(producer, method, arguments));
    }

    private static Object call(Producer<byte[], byte[]> producer, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "send" -> {
                String topic = ((ProducerRecord<?, ?>) arguments[0]).topic();
                if (topic.endsWith("-changelog") && failsNow(Fault.STORE_WRITE)) {
                    throw new KafkaException("injected into a write to " + topic);
                }
                Fault before = armed;
                if (failsNow(Fault.SEND, Fault.SEND_TIMEOUT)) {
                    RuntimeException failure = before == Fault.SEND
                            ? new KafkaException("injected into a send to " + topic)
                            : new TimeoutException("injected into a send to " + topic);
                    ((Callback) arguments[1]).onCompletion(null, failure);
                    return CompletableFuture.failedFuture(failure);
                }
            }
            case "sendOffsetsToTransaction" -> {
                if (failsNow(Fault.OFFSETS)) {
                    throw new TimeoutException("injected into the offsets");
                }
            }
            case "commitTransaction" -> {
                if (failsNow(Fault.COMMIT_LOST)) {
                    throw new TimeoutException("injected before the commit");
                }
                if (failsNow(Fault.COMMIT_UNANSWERED)) {
                    producer.commitTransaction();
                    throw new TimeoutException("injected after the commit");
                }
            }
            default -> {
                // passes
            }
        }
        try {
            return method.invoke(producer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
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
