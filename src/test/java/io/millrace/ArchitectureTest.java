package io.millrace;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import java.util.ArrayList;
import java.util.List;

/** The arrows between the packages, and habits that a tool can hold. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.millrace.";

    /** As in pom.xml. */
    private static final String[] LOCAL_JAR = {"io.millrace.local..", "io.millrace.cli.demo..", "io.millrace.bench.."};

    @ArchTest
    static final ArchRule NN_KNOWS_THE_JDK_ONLY = classes()
            .that()
            .resideInAPackage("io.millrace.nn..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.millrace.nn..", "java..", "jdk.incubator.vector..");

    @ArchTest
    static final ArchRule LEARNER_KNOWS_NN_AND_THE_JDK_ONLY = classes()
            .that()
            .resideInAPackage("io.millrace.learner..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.millrace.learner..", "io.millrace.feature..", "io.millrace.nn..", "java..");

    @ArchTest
    static final ArchRule FEATURE_KNOWS_THE_JDK_ONLY = classes()
            .that()
            .resideInAPackage("io.millrace.feature..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.millrace.feature..", "java..");

    /** Another kind of examples or requests must not touch the topologies. */
    @ArchTest
    static final ArchRule TOPOLOGIES_KNOW_NO_INPUT_RECORD = noClasses()
            .that()
            .resideInAPackage("io.millrace.topology..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Example.class, Features.class);

    @ArchTest
    static final ArchRule CONFIG_KNOWS_WHAT_A_LEARNER_IS_MADE_OF_AND_NO_OTHER_ROOM = noClasses()
            .that()
            .resideInAPackage("io.millrace.config..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.millrace..")
                    .and(not(resideInAnyPackage(
                            "io.millrace.config..",
                            "io.millrace.feature..",
                            "io.millrace.learner.spec..",
                            "io.millrace.nn.."))));

    /** The broker and the registry are not in the jar that {@code run} needs, nor in what it depends on. */
    @ArchTest
    static final ArchRule ONLY_THE_LOCAL_JAR_KNOWS_A_BROKER_OR_A_REGISTRY = noClasses()
            .that()
            .resideOutsideOfPackages(LOCAL_JAR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(LOCAL_JAR)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "kafka..",
                    "org.apache.kafka.controller..",
                    "org.apache.kafka.image..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.raft..",
                    "org.apache.kafka.server..",
                    "org.apache.kafka.storage..");

    @ArchTest
    static final ArchRule ONLY_HTTP_WATCH_AND_THE_REGISTRY_KNOW_A_WEB_SERVER = noClasses()
            .that()
            .resideOutsideOfPackages("io.millrace.http..", "io.millrace.watch..", "io.millrace.local..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)");

    /** The rooms of the house, floor by floor: a class knows its own room and rooms of lower floors, no others. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("bench", "cli", "cli.demo"),
            List.of("bench.pass"),
            List.of("bench.place"),
            List.of("bench.workload"),
            List.of("cli.command"),
            List.of("cli.csv", "cli.topic"),
            List.of("cli.inference"),
            List.of("cli.console"),
            List.of("watch"),
            List.of("http", "metrics"),
            List.of("topology"),
            List.of("topology.serving", "topology.audit", "topology.startup"),
            List.of("topology.training", "topology.intake"),
            List.of("topology.snapshot"),
            List.of("topology.model"),
            List.of("topology.history", "topology.record"),
            List.of("topology.cluster"),
            List.of("input"),
            List.of("input.declared"),
            List.of("local", "config"),
            List.of("records"),
            List.of("avro"),
            List.of("learner.ensemble", "learner.network"),
            List.of("learner"),
            List.of("learner.evaluation"),
            List.of("learner.input"),
            List.of("learner.state"),
            List.of("learner.spec"),
            List.of("feature"),
            List.of("feature.value"),
            List.of("nn.network"),
            List.of("nn.layer.image", "nn.layer.recurrent"),
            List.of("nn.layer"),
            List.of("nn.activation", "nn.initializer", "nn.loss", "nn.optimizer", "nn.penalty", "nn.schedule"),
            List.of("nn.algorithm", "nn.kernels"));

    @ArchTest
    static void arrowsRunDown(JavaClasses classes) {
        List<String> above = new ArrayList<>();
        for (List<String> floor : FLOORS) {
            for (String room : floor) {
                List<String> others = new ArrayList<>(above);
                floor.stream()
                        .filter(other -> !other.equals(room))
                        .map(ROOT::concat)
                        .forEach(others::add);
                if (!others.isEmpty()) {
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + room)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others.toArray(new String[0]))
                            .check(classes);
                }
            }
            floor.stream().map(ROOT::concat).forEach(above::add);
        }
    }

    @ArchTest
    static void everyRoomIsOnAFloor(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(c -> !c.getSimpleName().equals("package-info"))
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(ROOT)))
                .isSubsetOf(
                        FLOORS.stream().flatMap(List::stream).map(ROOT::concat).toList());
    }

    @ArchTest
    static final ArchRule NO_GLOBAL_VARIABLES =
            fields().that().areStatic().and().arePublic().should().beFinal();

    /** The same stream gives the same batches and weights at any speed. */
    @ArchTest
    static final ArchRule LEARNING_READS_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage("io.millrace.nn..", "io.millrace.learner..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.time..");

    /** The same bytes, names and sentences on every machine, whatever language it speaks. */
    @ArchTest
    static final ArchRule NO_DEFAULT_LOCALE_OR_ENCODING_TAKES_PART = classes().should(new NoDefaults());
}
