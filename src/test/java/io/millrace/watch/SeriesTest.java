package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static Series<Long> of(int limit, long count) {
        Series<Long> series = new Series<>(limit);
        LongStream.range(0, count).forEach(series::add);
        return series;
    }

    @Test
    void shouldKeepEveryPointUntilThereAreTwiceAsManyAsItsLimit() {
        assertThat(of(5, 10).points()).isEqualTo(LongStream.range(0, 10).boxed().toList());
    }

    @Test
    void shouldKeepTheNewestPointsAndEvenlyThinnedOlderOnesOfAStreamOfAnyLength() {
        for (long count : new long[] {11, 12, 100, 1000, 123_457}) {
            List<Long> points = of(10, count).points();
            assertThat(points).hasSizeLessThanOrEqualTo(20).isSorted().startsWith(0L);
            assertThat(points.subList(points.size() - 10, points.size()))
                    .isEqualTo(LongStream.range(count - 10, count).boxed().toList());
            List<Long> older = points.subList(0, points.size() - 10);
            if (older.size() > 1) {
                long stride = older.get(1);
                assertThat(older).allSatisfy(point -> assertThat(point % stride).isZero());
                assertThat(older.get(older.size() - 1)).isGreaterThanOrEqualTo(count - 10 - stride);
            }
        }
    }

    @Test
    void shouldKnowItsLastPoint() {
        assertThat(of(3, 0).last()).isNull();
        assertThat(of(3, 100).last()).isEqualTo(99);
    }
}
