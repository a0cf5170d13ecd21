package io.millrace.topology.cluster;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka clients of both applications, whose consumers end as they should.
 *
 * <p>They leave their group whenever they are closed. Kafka Streams lets the consumer of a thread that a fault has ended stay a member until
 * its session is over: the thread that takes its place waits for that, and so does an application that is to stop, which then leaves
 * members behind. Members with a {@code group.instance.id} of their own stay, as that is what it is for.
 *
 * <p>A library that cannot be loaded ({@link NativeLibraryFault}) is a fault like others. Kafka Streams does not catch the {@link Error} that it
 * is where state is restored: that thread would end without a word, and the others wait for it for ever.
 *
 * <p>Nor does it take a record without a timestamp into a global store, though brokers take it from clients of other languages: it has one then
 * ({@link TimedRecords}).
 */
public final class ApplicationClients implements KafkaClientSupplier {
    private final KafkaClientSupplier clients;

    public ApplicationClients(KafkaClientSupplier clients) {
        this.clients = clients;
    }

    /** @param timed whether records without a timestamp are to get one */
    @SuppressWarnings("unchecked") // a proxy has the type of its interface, and a consumer of bytes polls bytes
    private static Consumer<byte[], byte[]> ending(Consumer<byte[], byte[]> consumer, boolean timed) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                ApplicationClients.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")
                            && arguments != null
                            && arguments[0] instanceof CloseOptions options) {
                        consumer.close(leaving(options));
                        return null;
                    }
                    try {
                        Object result = method.invoke(consumer, arguments);
                        return timed && result instanceof ConsumerRecords<?, ?> records
                                ? TimedRecords.of((ConsumerRecords<byte[], byte[]>) records)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof LinkageError error ? new KafkaException(error) : e.getCause();
                    }
                });
    }

    private static CloseOptions leaving(CloseOptions options) {
        return options.groupMembershipOperation() == GroupMembershipOperation.REMAIN_IN_GROUP
                ? options.withGroupMembershipOperation(GroupMembershipOperation.DEFAULT)
                : options;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return ending(clients.getConsumer(config), false);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return ending(clients.getRestoreConsumer(config), false);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return ending(clients.getGlobalConsumer(config), true);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return clients.getAdmin(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return clients.getProducer(config);
    }
}
