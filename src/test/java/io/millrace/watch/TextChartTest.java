package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextChartTest {
    private static List<Point> points(double... losses) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            points.add(
                    Point.of(Reports.of(64L * (i + 1)).setFadedLoss(losses[i]).build(), i));
        }
        return points;
    }

    private static TextChart chart(int width, double... losses) {
        return new TextChart(points(losses), Point::fadedLoss, width);
    }

    @Test
    void shouldDrawFromTheLowestNumberToTheHighest() {
        assertThat(chart(4, 0, 1, 2, 3).lines(1)).containsExactly("▁▃▆█");
        assertThat(chart(4, 0, 1, 2, 3).lines(2)).containsExactly("  ▃█", "▁▆██");
        assertThat(chart(4, 0, 1, 2, 3).low()).isZero();
        assertThat(chart(4, 0, 1, 2, 3).high()).isEqualTo(3);
    }

    @Test
    void shouldShowAPeakOfOneReportAmongThousands() {
        double[] losses = new double[5000];
        losses[2777] = 8;
        assertThat(chart(50, losses).lines(1).get(0)).containsOnlyOnce("█");
        for (int i = 0; i < losses.length; i++) {
            losses[i] = i == 2777 ? 0 : 8;
        }
        assertThat(chart(50, losses).lines(1).get(0)).containsOnlyOnce("▁");
    }

    @Test
    void shouldHoldTheLastNumberWhereThereIsNone() {
        assertThat(chart(9, 1, Double.NaN, 3).lines(1)).containsExactly("▁▁▁▁▁▁▁▁█");
        assertThat(chart(3, Double.NaN, Double.NaN, 3).lines(1)).containsExactly("  ▁");
    }

    @Test
    void shouldDrawALineThatDoesNotMoveAndOneThatIsEmpty() {
        assertThat(chart(3, 2, 2, 2).lines(2)).containsExactly("   ", "▁▁▁");
        assertThat(chart(3, 7).lines(1)).containsExactly("  ▁");
        assertThat(chart(3).lines(1)).containsExactly("   ");
        assertThat(chart(3, 1, Double.POSITIVE_INFINITY, 2).lines(1).get(0)).hasSize(3);
    }
}
