package io.millrace.cli.command;

import io.millrace.config.LearnScope;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.feature.Declaration;
import io.millrace.feature.Field;
import io.millrace.feature.InputLayout;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.network.LayersWriter;
import io.millrace.nn.network.Network;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.ServingTopology;
import io.millrace.topology.TrainingTopology;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the topics, the model and the topologies of a configuration. Needs no cluster. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Checks a configuration and shows its topics, model and topologies. Needs no cluster.")
public final class DescribeCommand implements Runnable {
    @Mixin
    private ConfigOptions configuration;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        MillraceConfig config = configuration.load();
        PrintWriter out = spec.commandLine().getOut();
        describeTopics(config, out);
        describeFeatures(config.learner().declaration(), out);
        describeLearner(config.learner(), out);
        Map<String, String> offline = new HashMap<>(config.registry());
        offline.put("schema.registry.url", "mock://describe");
        try (AvroSerdes serdes = new AvroSerdes(offline)) {
            out.println();
            out.print("Training: " + TrainingTopology.build(config, serdes).describe());
            out.print("Serving: " + ServingTopology.build(config, serdes).describe());
        }
        out.flush();
    }

    private static void describeTopics(MillraceConfig config, PrintWriter out) {
        Topics topics = config.topics();
        out.println("Topics:");
        out.println("   in:  " + topics.examples() + ", " + topics.features());
        out.println("   out: " + topics.predictions() + ", " + topics.validationLosses() + ", "
                + topics.modelSnapshots() + ", " + topics.deadLetters());
        if (config.learnScope() == LearnScope.STREAM) {
            out.println("   log: " + topics.learningLog() + ", which training reads if " + topics.examples()
                    + " has several partitions");
        }
    }

    private static void describeFeatures(Declaration declaration, PrintWriter out) {
        if (declaration == null) {
            return;
        }
        InputLayout layout = declaration.features().layout();
        out.println();
        out.println("Features (" + declaration.format().id() + "): "
                + layout.inputs().size() + " numbers, " + layout.tables().size() + " tables");
        declaration.features().features().forEach(feature -> out.println("   " + feature));
        out.println("   label:       "
                + declaration.labels().stream().map(Field::toString).collect(Collectors.joining(", ")));
        if (declaration.weight() != null) {
            out.println("   weight:      " + declaration.weight());
        }
        if (declaration.eventTime() != null) {
            out.println("   event time:  " + declaration.eventTime());
        }
    }

    private static void describeLearner(LearnerSpec learner, PrintWriter out) {
        if (learner.kind() == LearnerKind.ENSEMBLE) {
            describeEnsemble(learner, out);
        } else {
            describeNetwork(learner, out);
        }
    }

    private static void describeEnsemble(LearnerSpec learner, PrintWriter out) {
        EnsembleInputs inputs = EnsembleInputs.of(learner);
        int outputs = learner.architecture().outputs();
        out.println();
        StringBuilder entering = new StringBuilder().append(inputs.numbers()).append(" features");
        inputs.tables().forEach(table -> entering.append(" + table ").append(table));
        out.println("Ensemble: " + entering + ", " + outputs + " outputs");
        for (MemberSpec member : MemberSpec.of(inputs)) {
            out.println(String.format(Locale.ROOT, "   %-12s %s", member.name() + ":", describe(member, inputs)));
        }
        EnsembleSize size = EnsembleSize.of(learner);
        out.println("   parameters:  " + size.newest() + ", and " + size.averaged() + " averaged ones");
        sizes(size.checkpoint(), size.snapshot(), out);
    }

    private static String describe(MemberSpec member, EnsembleInputs inputs) {
        List<String> parts = new ArrayList<>();
        if (member.slow()) {
            parts.add("long statistics");
        }
        if (member.fast()) {
            parts.add("short statistics");
        }
        if (member.bins()) {
            parts.add("bins");
        }
        if (!member.tables(inputs).isEmpty()) {
            parts.add("tables");
        }
        member.hidden().forEach(units -> parts.add(units + " relu"));
        return String.join(", ", parts);
    }

    private static void describeNetwork(LearnerSpec learner, PrintWriter out) {
        StringBuilder layers = new StringBuilder().append(learner.architecture().inputs());
        learner.architecture()
                .tables()
                .forEach(table -> layers.append(" + table ").append(table));
        Network network = new Network(learner.architecture(), KernelsProvider.kernels());
        long parameters = network.parameterCount();
        for (Layer layer : learner.architecture().layers()) {
            layers.append(" - ")
                    .append(LayersWriter.brief(layer))
                    .append(layer.wiring().equals(Wiring.CHAIN) ? "" : " (" + layer.wiring() + ")");
        }
        out.println();
        out.println("Network: " + layers + ", " + learner.architecture().loss().name());
        String line = LayersWriter.write(learner.architecture());
        if (!line.isEmpty()) {
            out.println("   layers:      " + line);
        }
        LayerTable.print(network, out);
        out.println("   parameters:  " + parameters);
        out.println("   optimizer:   " + learner.optimization().optimizer() + ", "
                + learner.optimization().schedule());
        int copies = 1
                + learner.optimization().optimizer().moments()
                + (learner.validation().stopsEarly() ? 1 : 0);
        sizes(parameters * copies, parameters, out);
    }

    private static void sizes(long checkpoint, long snapshot, PrintWriter out) {
        out.println("   checkpoint:  about " + checkpoint * Float.BYTES / 1024 + " KiB at each commit, snapshot "
                + snapshot * Float.BYTES / 1024 + " KiB");
    }
}
