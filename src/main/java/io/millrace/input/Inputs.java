package io.millrace.input;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.input.declared.JsonSchemaFit;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.input.declared.SchemaFit;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegisteredSchema;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the kind of record: {@code Example} and {@code Features}, or records of any schema whose features are declared. */
public final class Inputs implements Input {
    private static final Logger LOG = LoggerFactory.getLogger(Inputs.class);

    private final AvroSerdes serdes;
    private final boolean givesUp;
    private final Consumer<SchemaFindings> findings;
    private final Map<Declaration, Input> declared = new ConcurrentHashMap<>(); // each tells its findings once

    private Inputs(AvroSerdes serdes, boolean givesUp, Consumer<SchemaFindings> findings) {
        this.serdes = serdes;
        this.givesUp = givesUp;
        this.findings = findings;
    }

    /**
     * The input of training and serving, which treats an unavailable registry as {@code registry.unavailable} says.
     *
     * @param serdes Avro serdes on the registry that has the records' schemas
     */
    public static Input of(MillraceConfig config, AvroSerdes serdes) {
        return new Inputs(serdes, config.deadLettersWithoutRegistry(), Inputs::warn);
    }

    /**
     * The input of a replay. It never gives up a record while the registry is unavailable, because a replay must decode all that training
     * decoded.
     */
    public static Input ofReplay(AvroSerdes serdes) {
        return new Inputs(serdes, false, found -> {});
    }

    /**
     * Compares the declared features with the latest schema of a topic. A topic whose schema is not known yet fits.
     *
     * @param labelled whether the records are examples; requests need no label
     * @return what does not fit; empty findings if the records are {@code Example}s
     * @throws io.millrace.records.RegistryUnavailableException if the registry could not be asked
     */
    public static SchemaFindings check(Declaration declaration, AvroSerdes serdes, String topic, boolean labelled) {
        RegisteredSchema latest =
                declaration == null ? null : serdes.latestValueSchema(topic).orElse(null);
        if (latest == null) {
            return new SchemaFindings(0, List.of(), List.of());
        }
        String problem = SchemaFit.formatProblem(topic, latest.id(), latest.type(), declaration.format());
        if (problem != null) {
            return new SchemaFindings(latest.id(), List.of(problem), List.of());
        }
        return latest.avro() == null
                ? JsonSchemaFit.check(topic, latest.id(), latest.text(), declaration, labelled)
                : SchemaFit.check(topic, latest.id(), latest.avro(), declaration, labelled);
    }

    private static void warn(SchemaFindings found) {
        found.problems().forEach(problem -> LOG.warn("Records are refused: {}", problem));
        found.absent().forEach(absent -> LOG.warn("A feature is missing: {}", absent));
    }

    @Override
    public ExampleCodec examples(String topic, LearnerSpec spec) {
        return kind(spec.declaration()).examples(topic, spec);
    }

    @Override
    public RequestDecoder requests(String topic, Declaration declaration) {
        return kind(declaration).requests(topic, declaration);
    }

    private Input kind(Declaration declaration) {
        return declaration == null
                ? new ExampleInput(serdes, givesUp)
                : declared.computeIfAbsent(
                        declaration, key -> new DeclaredInput(serdes, givesUp, declaration, findings));
    }
}
