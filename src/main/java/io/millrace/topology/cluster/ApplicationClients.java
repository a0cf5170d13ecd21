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
 * Kafka clients of both applications. They correct how consumers leave their group, fail and read timestamps.
 *
 * <p>Consumers leave their group whenever they are closed. When a fault ends a thread, Kafka Streams keeps its consumer as a member until
 * its session expires. The thread that replaces it waits for that. An application that stops waits too, and then leaves members behind.
 * Members with their own {@code group.instance.id} stay, because that is the purpose of this setting.
 *
 * <p>A library that cannot be loaded ({@link NativeLibraryFault}) becomes a fault like others. It is an {@link Error}, which Kafka Streams
 * does not catch where it restores state: that thread would end without a message, and the others would wait for it for ever.
 *
 * <p>A record without a timestamp gets one ({@link TimedRecords}). Kafka Streams does not accept such records into a global store, but
 * brokers accept them from clients in other languages.
 */
public final class ApplicationClients implements KafkaClientSupplier {
    private final KafkaClientSupplier clients;

    public ApplicationClients(KafkaClientSupplier clients) {
        this.clients = clients;
    }

    /** @param timed whether records without a timestamp get one */
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
