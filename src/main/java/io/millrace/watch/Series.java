package io.millrace.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Points of a stream without end, in bounded memory: all of the newest ones, and of the older ones every n-th. Points are left out, never
 * averaged, so that each number is one from the topic.
 *
 * @param <T> type of a point
 */
final class Series<T> {
    private final int limit;
    private final Deque<T> newest = new ArrayDeque<>();
    private final List<T> older = new ArrayList<>();
    private long aged; // points that have left the newest ones
    private long stride = 1; // of the aged points, the multiples of this number are kept

    /** @param limit number of newest points, and of older ones */
    Series(int limit) {
        this.limit = limit;
    }

    void add(T point) {
        newest.add(point);
        if (newest.size() > limit) {
            T first = newest.remove();
            if (aged++ % stride == 0) {
                older.add(first);
            }
            if (older.size() > limit) {
                thin();
            }
        }
    }

    /** Keeps the first, the third, and so on. */
    private void thin() {
        List<T> kept = new ArrayList<>();
        for (int i = 0; i < older.size(); i += 2) {
            kept.add(older.get(i));
        }
        older.clear();
        older.addAll(kept);
        stride *= 2;
    }

    /** The last point; null before the first. */
    T last() {
        return newest.peekLast();
    }

    /** The newest points alone, in order. */
    List<T> newest() {
        return List.copyOf(newest);
    }

    /** What is kept, in order. */
    List<T> points() {
        List<T> points = new ArrayList<>(older);
        points.addAll(newest);
        return points;
    }
}
