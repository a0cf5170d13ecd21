package io.millrace.topology.startup;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.input.Inputs;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.ClusterNotReadyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares declared features with the latest schema of a topic before the start, so that a wrong name or type is one refusal and not a dead
 * letter for each record.
 */
final class DeclarationCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeclarationCheck.class);

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
     * Checks a topic. If the registry has no schema for it, there is nothing to check: JSON may have none, and the topic may be new.
     *
     * @param labelled whether the records are examples; requests need no label
     * @throws ClusterNotReadyException with a sentence for each field that does not fit
     * @throws io.millrace.records.RegistryUnavailableException if the registry could not be asked
     */
    void check(AvroSerdes serdes, String topic, boolean labelled) {
        SchemaFindings found = Inputs.check(declaration, serdes, topic, labelled);
        found.absent().forEach(absent -> LOG.warn("A feature is missing: {}", absent));
        if (!found.problems().isEmpty()) {
            throw new ClusterNotReadyException(String.join(" ", found.problems()), null);
        }
    }
}
