package io.millrace.watch;

/**
 * How far a consumer group has read a partition.
 *
 * @param group its name
 * @param topic that it reads
 * @param partition of the topic
 * @param committed offset after the last record that the group has committed; null while there is none
 * @param end offset after the last record that the topic's writers have committed
 * @param lag offsets between the two
 * @param perSecond offsets that the group has committed a second, over the last ten; null when it is not known
 * @param holder the member that reads it, and its host; null if none does
 */
record Consumed(
        String group,
        String topic,
        int partition,
        Long committed,
        long end,
        long lag,
        Double perSecond,
        String holder) {}
