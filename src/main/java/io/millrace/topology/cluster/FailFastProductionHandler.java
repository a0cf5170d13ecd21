package io.millrace.topology.cluster;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

/**
 * Ends the thread when training cannot send a record. After a send timed out, Kafka Streams' own handler would recreate the task in the
 * same thread, which can skip examples ({@code TrainingClients}).
 */
public final class FailFastProductionHandler implements ProductionExceptionHandler {
    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // nothing to configure
    }
}
