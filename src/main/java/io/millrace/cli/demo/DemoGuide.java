package io.millrace.cli.demo;

import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import java.util.Locale;

/** Prints how to read the topics of a demo that keeps running. */
final class DemoGuide {
    private DemoGuide() {}

    static String text(MillraceConfig config) {
        Topics topics = config.topics();
        String brokers = config.bootstrapServers();
        String registry = config.schemaRegistryUrl();
        return String.format(Locale.ROOT, """
                Still up, and still learning and answering: Ctrl-C stops it.

                  broker            %1$s
                  schema registry   %2$s

                Learn the newest version again, and compare every bit:

                  bin/millrace verify --bootstrap-server %1$s --schema-registry %2$s

                With kcat, if built with Avro support:

                  kcat -b %1$s -r %2$s -s value=avro -t %3$s -C -e
                  kcat -b %1$s -r %2$s -s value=avro -t %4$s -C -o -5 -e

                With Python (packages confluent-kafka and avro):

                  from confluent_kafka import Consumer
                  from confluent_kafka.avro import CachedSchemaRegistryClient
                  from confluent_kafka.avro.serializer.message_serializer import MessageSerializer
                  decode = MessageSerializer(CachedSchemaRegistryClient({'url': '%2$s'})).decode_message
                  c = Consumer({'bootstrap.servers': '%1$s', 'group.id': 'me', 'auto.offset.reset': 'earliest'})
                  c.subscribe(['%4$s'])
                  while True:
                      m = c.poll(1)
                      if m is not None and not m.error():
                          print(m.key(), decode(m.value()))
                """, brokers, registry, topics.validationLosses(), topics.predictions());
    }
}
