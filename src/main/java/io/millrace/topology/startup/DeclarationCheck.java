package io.millrace.topology.startup;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.input.declared.SchemaFit;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.ClusterNotReadyException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares declared features with the newest schema of a topic before the start, so that a wrong name or type is one refusal and not a dead
 * letter for each record.
 */
final class DeclarationCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeclarationCheck.class);
    private static final int NOT_FOUND = 404;

    private final Declaration declaration;

    /** @param declaration null if there are no declared features, and nothing to check */
    DeclarationCheck(Declaration declaration) {
        this.declaration = declaration;
    }

    /** The check for the declared features of a configuration. */
    static DeclarationCheck of(MillraceConfig config) {
        return new DeclarationCheck(config.learner().declaration());
    }

    /**
     * Checks the newest schema that the registry has for the values of a topic. If it has none, there is nothing to check: JSON may have no
     * schema, and the topic may be new.
     *
     * @param labelled whether the records are examples; requests need no label
     * @throws ClusterNotReadyException with a sentence for each field that does not fit
     */
    void check(AvroSerdes serdes, String topic, boolean labelled) {
        if (declaration == null) {
            return;
        }
        try {
            SchemaMetadata newest = serdes.client().getLatestSchemaMetadata(topic + "-value");
            SchemaFindings found = findings(newest, topic, labelled);
            found.absent().forEach(absent -> LOG.warn("A feature is missing: {}", absent));
            if (!found.problems().isEmpty()) {
                throw new ClusterNotReadyException(String.join(" ", found.problems()), null);
            }
        } catch (RestClientException e) {
            if (e.getStatus() != NOT_FOUND) {
                LOG.warn("The schema of topic {} cannot be checked yet: {}", topic, e.getMessage());
            }
        } catch (IOException e) {
            LOG.warn("The schema of topic {} cannot be checked yet: {}", topic, e.getMessage());
        }
    }

    private SchemaFindings findings(SchemaMetadata newest, String topic, boolean labelled) {
        String problem = SchemaFit.formatProblem(topic, newest.getId(), newest.getSchemaType(), declaration.format());
        if (problem != null) {
            return new SchemaFindings(newest.getId(), List.of(problem), List.of());
        }
        if (!newest.getSchemaType().equals(AvroSchema.TYPE)) {
            return new SchemaFindings(newest.getId(), List.of(), List.of());
        }
        AvroSchema schema = new AvroSchema(newest.getSchema(), newest.getReferences(), Map.of(), null);
        return SchemaFit.check(topic, newest.getId(), schema.rawSchema(), declaration, labelled);
    }
}
