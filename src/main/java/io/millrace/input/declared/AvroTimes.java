package io.millrace.input.declared;

import io.millrace.feature.value.TimeScale;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/** What whole numbers mean as times: Avro's logical types, and those that Debezium writes as names of Kafka Connect. */
public final class AvroTimes {
    private static final Map<String, TimeScale> LOGICAL = Map.of(
            "date", TimeScale.DATE,
            "time-millis", TimeScale.MILLIS_OF_DAY,
            "time-micros", TimeScale.MICROS_OF_DAY,
            "timestamp-millis", TimeScale.MILLIS,
            "timestamp-micros", TimeScale.MICROS,
            "timestamp-nanos", TimeScale.NANOS,
            "local-timestamp-millis", TimeScale.LOCAL_MILLIS,
            "local-timestamp-micros", TimeScale.LOCAL_MICROS,
            "local-timestamp-nanos", TimeScale.LOCAL_NANOS);
    private static final Map<String, TimeScale> CONNECT = Map.of(
            "io.debezium.time.Date", TimeScale.DATE,
            "io.debezium.time.Time", TimeScale.MILLIS_OF_DAY,
            "io.debezium.time.MicroTime", TimeScale.MICROS_OF_DAY,
            "io.debezium.time.Timestamp", TimeScale.LOCAL_MILLIS,
            "io.debezium.time.MicroTimestamp", TimeScale.LOCAL_MICROS,
            "io.debezium.time.NanoTimestamp", TimeScale.LOCAL_NANOS);

    private AvroTimes() {}

    /** What the whole numbers of a schema mean. */
    public static TimeScale of(Schema schema) {
        LogicalType type = schema.getLogicalType();
        String connectName = schema.getProp("connect.name");
        TimeScale scale =
                type != null ? LOGICAL.get(type.getName()) : connectName == null ? null : CONNECT.get(connectName);
        return scale == null ? TimeScale.BY_MAGNITUDE : scale;
    }
}
