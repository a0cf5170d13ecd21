package io.millrace;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, and habits that a tool can hold. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

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
            .resideInAnyPackage("io.millrace.learner..", "io.millrace.nn..", "java..");

    @ArchTest
    static final ArchRule CONFIG_IS_A_LEAF = noClasses()
            .that()
            .resideInAPackage("io.millrace.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.millrace.nn..",
                    "io.millrace.learner..",
                    "io.millrace.avro..",
                    "io.millrace.topology..",
                    "io.millrace.local..",
                    "io.millrace.http..",
                    "io.millrace.cli..");

    @ArchTest
    static final ArchRule AVRO_KNOWS_NO_LEARNING = knowsNone("avro", "topology", "learner", "nn", "local", "http");

    @ArchTest
    static final ArchRule LOCAL_KNOWS_NO_LEARNING = knowsNone("local", "topology", "avro", "learner", "nn", "http");

    @ArchTest
    static final ArchRule TOPOLOGY_KNOWS_NOBODY_ABOVE = knowsNone("topology", "local", "http");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_CLI = noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.millrace.cli..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.millrace.(*)..").should().beFreeOfCycles();

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

    private static ArchRule knowsNone(String name, String... others) {
        String[] packages = new String[others.length];
        for (int i = 0; i < others.length; i++) {
            packages[i] = "io.millrace." + others[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage("io.millrace." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .allowEmptyShould(true);
    }
}
