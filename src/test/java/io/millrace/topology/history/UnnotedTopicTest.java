package io.millrace.topology.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.ModelSnapshot;
import io.millrace.topology.audit.LineageCheck;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Versions of an older Millrace, which did not note the topic that it read. */
class UnnotedTopicTest {
    private static StoredSnapshot version(long version, int stretch, long nextOffset) {
        ModelSnapshot head = new ModelSnapshot();
        head.put("version", version);
        head.put("nextStretch", stretch);
        head.put("nextOffset", nextOffset);
        return new StoredSnapshot(List.of(head), 0);
    }

    @Test
    void shouldTellAnotherTopicByOffsetsThatGoBack() {
        List<StoredSnapshot> versions =
                List.of(version(1, 0, 900), version(2, 0, 960), version(3, 0, 400), version(4, 0, 1000));
        assertThat(LineageCheck.afterUnnotedTopic(versions))
                .extracting(StoredSnapshot::version)
                .containsExactly(3L, 4L);
    }

    @Test
    void shouldTakeStretchesThatAreNotedForNoted() {
        List<StoredSnapshot> versions =
                List.of(version(1, 0, -1), version(2, 0, 960), version(3, 1, 400), version(4, 1, 1000));
        assertThat(LineageCheck.afterUnnotedTopic(versions)).isEqualTo(versions);
    }
}
