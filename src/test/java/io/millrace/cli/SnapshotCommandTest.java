package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.ModelSnapshot;
import io.millrace.cli.command.SnapshotCommand;
import io.millrace.cli.console.FailedException;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotCommandTest {
    private static StoredSnapshot stored(long version, long timestamp) {
        ModelSnapshot head = new ModelSnapshot();
        head.put(ModelSnapshot.getClassSchema().getField("version").pos(), version);
        return new StoredSnapshot(List.of(head), timestamp);
    }

    /** Learned once, reset, and learned anew as far as version 20. */
    private static final List<StoredSnapshot> TWICE =
            List.of(stored(10, 1), stored(20, 2), stored(30, 3), stored(10, 4), stored(20, 5));

    @Test
    void shouldTakeTheLastOfSeveralSnapshotsWithTheSameVersion() {
        assertThat(SnapshotCommand.last(TWICE, 10L).timestamp()).isEqualTo(4);
        assertThat(SnapshotCommand.last(TWICE, 30L).timestamp()).isEqualTo(3);
        assertThat(SnapshotCommand.last(TWICE, null).timestamp()).isEqualTo(5);
    }

    @Test
    void shouldNameTheVersionsThatThereAreEachOnce() {
        assertThatThrownBy(() -> SnapshotCommand.last(TWICE, 7L))
                .isInstanceOf(FailedException.class)
                .hasMessage("There is no version 7; there are 10, 20, 30.");
    }
}
