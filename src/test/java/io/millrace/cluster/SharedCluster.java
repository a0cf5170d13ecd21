package io.millrace.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives {@code @BeforeAll} methods a {@link Cluster} that all test classes of this JVM share, since a broker takes seconds to start. It
 * is for tests that keep to topics and applications of their own: the names of applications are unique over all classes, which the cluster
 * checks. Tests that stop, fill or configure a broker start one of their own.
 */
public final class SharedCluster implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SharedCluster.class);

    /** Started by the first test that needs it, closed after the last test of the JVM. */
    private record Started(Path directory, Cluster cluster) implements AutoCloseable {
        static Started now() {
            try {
                Path directory = Files.createTempDirectory("shared-cluster");
                return new Started(directory, Cluster.start(directory));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() throws IOException {
            cluster.close();
            List<Path> files;
            try (Stream<Path> walk = Files.walk(directory)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Cluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Started.class, key -> Started.now(), Started.class)
                .cluster()
                .sharedBy(context.getRequiredTestClass().getSimpleName());
    }
}
