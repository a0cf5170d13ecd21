package io.millrace.topology.cluster;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * What training answers to a record that cannot be sent: the thread ends. Kafka Streams' own handler would have the task made anew in the
 * same thread when a send has timed out, which can skip examples ({@code TrainingClients}).
 */
public final class FailFastProductionHandler implements ProductionExceptionHandler {
    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // nothing to set
    }
}
