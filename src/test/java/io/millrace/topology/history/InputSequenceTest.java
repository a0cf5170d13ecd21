package io.millrace.topology.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.OffsetRange;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.junit.jupiter.api.Test;

/** What a task does with an offset that does not follow, whatever the brokers say. */
class InputSequenceTest {
    /** One partition of a topic, as it is to be. */
    private static final class Topic implements ExamplesTopic {
        private final TreeSet<Long> records = new TreeSet<>();
        private String id = "A";
        private long beginning;
        private long end = 1000;
        private boolean jumped;
        private boolean anew;
        private int asked;

        @Override
        public String id() {
            asked++;
            return id;
        }

        @Override
        public long beginning(int partition) {
            asked++;
            return beginning;
        }

        @Override
        public long end(int partition) {
            return end;
        }

        @Override
        public boolean holdsRecords(int partition, long from, long to) {
            return !records.subSet(from, to).isEmpty();
        }

        @Override
        public boolean madeAnew(int partition, ResumePoint next) {
            return anew;
        }

        @Override
        public Map<Long, Headers> headers(int partition, List<Long> offsets) {
            return Map.of();
        }

        @Override
        public boolean tookJump(int partition) {
            boolean took = jumped;
            jumped = false;
            return took;
        }

        @Override
        public void jumps(InvalidOffsetException fault) {
            jumped = true;
        }
    }

    private final Topic topic = new Topic();
    private final Lineage lineage = new Lineage();
    private final Metrics metrics = new Metrics();
    private InputSequence sequence = task(false);

    private InputSequence task(boolean fromCommitted) {
        Sensor missing = metrics.sensor("missing");
        return new InputSequence(new TopicPartition("examples", 0), topic, lineage, fromCommitted, missing, () -> {});
    }

    private boolean read(long offset) {
        boolean follows = sequence.follows(offset);
        if (follows) {
            lineage.inputs().read(offset);
        }
        return follows;
    }

    private ModelSnapshot.Builder head() {
        return lineage.inputs().describe(ModelSnapshot.newBuilder());
    }

    @Test
    void shouldAskNobodyWhileOffsetsFollowOrOnlyMarksLieBetween() {
        read(7);
        int asked = topic.asked;
        for (long offset = 8; offset < 500; offset += offset % 10 == 9 ? 3 : 1) {
            assertThat(read(offset)).isTrue();
        }
        assertThat(topic.asked).isEqualTo(asked);
        assertThat(head().getInputs()).singleElement().satisfies(stretch -> {
            assertThat(stretch.getFromOffset()).isEqualTo(7);
            assertThat(stretch.getToOffset()).isEqualTo(500);
            assertThat(stretch.getTopicId()).isEqualTo("A");
        });
    }

    @Test
    void shouldNoteWhatRetentionDeletedUnderARunningTask() {
        read(0);
        topic.beginning = 40;
        topic.jumped = true;
        assertThat(read(42)).isTrue(); // 40 and 41 are marks of a transaction
        assertThat(head().getMissing()).containsExactly(new OffsetRange(0, 1L, 40L));
        assertThat(lineage.inputs().takeUnreported()).isEqualTo(39);
        assertThat(lineage.inputs().takeUnreported()).isZero();
    }

    @Test
    void shouldPassOverWhatWasReadAndGoOnBehindIt() {
        read(0);
        read(1);
        read(2);
        sequence = task(false);
        assertThat(read(0)).isFalse();
        assertThat(read(1)).isFalse();
        assertThat(read(2)).isFalse();
        assertThat(read(3)).isTrue();
        assertThat(head().getInputs()).hasSize(1);
    }

    @Test
    void shouldRefuseToLeaveOutRecordsThatAreThere() {
        read(0);
        topic.records.add(5L);
        sequence = task(false);
        assertThatThrownBy(() -> sequence.follows(6))
                .isInstanceOf(MovedOffsetException.class)
                .hasMessageContaining("from offset 1 to 5 would be left out")
                .hasMessageContaining("Start again");
    }

    @Test
    void shouldRefuseToGoOnWhereTheTopicHasLostWhatWasRead() {
        read(0);
        read(500);
        topic.end = 100;
        topic.jumped = true;
        assertThatThrownBy(() -> sequence.follows(0))
                .isInstanceOf(MovedOffsetException.class)
                .hasMessageContaining("examples-0 ends before offset 100")
                .hasMessageContaining("learn.from=committed");
        sequence = task(true);
        assertThat(read(0)).isTrue();
        assertThat(head().getInputs()).extracting("cause").containsExactly("start", "moved");
    }

    @Test
    void shouldNoticeATopicThatWasMadeAnewUnderARunningTask() {
        read(0);
        read(500);
        topic.id = "B";
        topic.end = 20;
        topic.jumped = true;
        assertThat(read(0)).isTrue();
        assertThat(read(1)).isTrue();
        assertThat(head().getInputs()).extracting("topicId").containsExactly("A", "B");
        assertThat(lineage.inputs().leftOff("examples", "A")).hasValue(501);
        assertThat(lineage.inputs().leftOff("examples", "B")).hasValue(2);
        assertThat(lineage.inputs().leftOff("others", "B")).isEmpty();
    }

    @Test
    void shouldOutliveARestartAndForgetTheOldestOfTooManyRecordsThatWereLeftOut() {
        for (long offset = 0; offset < 30_000; offset += 2) {
            read(offset);
            lineage.inputs().omit(offset);
        }
        byte[] stored = lineage.toBytes();
        assertThat(stored).as("fits into a record").hasSizeLessThan(500_000);
        assertThat(Lineage.of(stored).toBytes()).isEqualTo(stored);
        ModelSnapshot.Builder head = head();
        assertThat(head.getOmitted().getRanges()).hasSize(10_000).contains(new OffsetRange(0, 29_998L, 29_999L));
        assertThat(head.getOmitted().getSinceOffset()).isEqualTo(9_999);
        assertThat(head.getOmitted().getForgotten()).isTrue();
    }
}
