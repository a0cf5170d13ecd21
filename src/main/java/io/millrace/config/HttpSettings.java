package io.millrace.config;

import static io.millrace.config.Validators.hosts;
import static io.millrace.config.Validators.named;
import static io.millrace.config.Validators.optional;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Range;

/**
 * Where {@code run} listens for HTTP.
 *
 * @param host name or address of this machine
 * @param port 0: any free one
 * @param names further host names by which clients call
 */
public record HttpSettings(String host, int port, List<String> names) {
    static final String HTTP_PORT = "http.port";
    static final String HTTP_HOST = "http.host";
    static final String HTTP_NAMES = "http.names";

    static void define(Definition d) {
        d.group("HTTP");
        d.define(
                HTTP_PORT,
                INT,
                null,
                optional(Range.between(0, 65_535)),
                MEDIUM,
                "The port at which millrace run answers over HTTP: health, predictions, metrics and a page. 0: any free port, which the"
                        + " log names. Without it, run opens no port. There is no authentication: docs/http.md.");
        d.define(
                HTTP_HOST,
                STRING,
                "127.0.0.1",
                named(),
                MEDIUM,
                "The address of this machine at which it listens. 127.0.0.1 is for clients on this machine alone, 0.0.0.0 are all"
                        + " addresses.");
        d.define(
                HTTP_NAMES,
                LIST,
                List.of(),
                hosts(),
                LOW,
                "Names by which clients call it, such as that of a service or a proxy. Addresses, localhost and http.host need not be"
                        + " named. A request to another name is refused, because a page of a stranger could be behind it.");
    }

    static Optional<HttpSettings> of(AbstractConfig values) {
        return Optional.ofNullable(values.getInt(HTTP_PORT))
                .map(port -> new HttpSettings(values.getString(HTTP_HOST), port, values.getList(HTTP_NAMES)));
    }
}
