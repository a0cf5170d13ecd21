package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import java.time.Duration;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("cluster")
@ExtendWith(SharedCluster.class)
class RunningRoleTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    @RepeatedTest(10) // a race
    void shouldTellWhyAStartFailedAlthoughItsStateChangedFirst(Cluster cluster) throws Exception {
        MillraceConfig config =
                MillraceConfig.of(cluster.settings("no-snapshots")); // no topic: nothing to restore from
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            RunningRole[] role = new RunningRole[1];
            role[0] = new RunningRole("serve", () -> Application.serving(config, serdes), () -> role[0].stop(TIME));

            role[0].start();

            assertThat(role[0].awaitEnd(TIME)).isTrue();
            assertThatThrownBy(role[0]::hasFailed).isInstanceOf(StreamsException.class);
        }
    }
}
