package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private record Event(String name, Object data, String id) {}

    private final Picture picture = new Picture(Reports.MODEL);
    private final List<Event> events = new ArrayList<>();
    private double read = 1;
    private int asked;

    private EventStream stream(Optional<Positions> after) {
        return new EventStream(
                picture,
                () -> {
                    asked++;
                    return Status.of(picture.facts(0), read, TrainingGroup.Seen.NOTHING, null, null, 0);
                },
                after,
                (name, data, id) -> events.add(new Event(name, data, id)));
    }

    private void report(int number) {
        picture.report("reports-0", number, Reports.report(64L * (number + 1)), 1000L * number);
    }

    private List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    /** The examples of the reports that a page has received, in order. */
    private List<Long> received() {
        List<Long> received = new ArrayList<>();
        for (Event event : events) {
            if (event.data() instanceof Picture.Whole whole) {
                received.clear();
                whole.replicas().forEach(replica -> replica.points().forEach(point -> received.add(point.examples())));
            } else if (event.data() instanceof Change[] changes) {
                for (Change change : changes) {
                    if (change instanceof Change.Reported reported) {
                        received.add(reported.point().examples());
                    }
                }
            }
        }
        return received;
    }

    @Test
    void shouldSendTheWholePictureFirstAndThenWhatIsNew() {
        report(0);
        EventStream stream = stream(Optional.empty());
        stream.step(1);
        stream.step(201);
        report(1);
        report(2);
        stream.step(401);
        assertThat(names()).containsExactly("status", "whole", "changes");
        assertThat(received()).containsExactly(64L, 128L, 192L);
        assertThat(events.get(2).id()).isEqualTo("reports-0:3");
    }

    @Test
    void shouldSendTheStatusOnceASecondWithoutAnId() {
        EventStream stream = stream(Optional.empty());
        for (int ms = 1; ms < 3000; ms += 200) {
            stream.step(ms);
        }
        assertThat(names()).containsExactly("status", "whole", "status", "status");
        assertThat(events.get(0).id()).isNull();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void shouldResumeWithoutAHoleAndWithoutARepetition() {
        report(0);
        EventStream first = stream(Optional.empty());
        first.step(1);
        String last = events.get(events.size() - 1).id();
        report(1);
        report(2);
        stream(Positions.parse(last)).step(1);
        assertThat(names()).containsExactly("status", "whole", "status", "changes");
        assertThat(received()).containsExactly(64L, 128L, 192L);
    }

    @Test
    void shouldSendTheWholePictureToAPageThatSleptTooLong() {
        report(0);
        EventStream first = stream(Optional.empty());
        first.step(1);
        String last = events.get(events.size() - 1).id();
        for (int i = 1; i < 3000; i++) {
            report(i);
        }
        stream(Positions.parse(last)).step(1);
        assertThat(names()).endsWith("whole");
        assertThat(received()).hasSizeBetween(900, 1201).endsWith(64L * 3000);
    }

    @Test
    void shouldWaitUntilTheHistoryIsRead() {
        read = 0.5;
        EventStream stream = stream(Optional.empty());
        report(0);
        stream.step(1);
        assertThat(names()).containsExactly("status");
        read = 1;
        stream.step(201);
        assertThat(names()).containsExactly("status", "whole");
    }
}
