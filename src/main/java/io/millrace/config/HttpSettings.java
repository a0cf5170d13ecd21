package io.millrace.config;

import static io.millrace.config.Validators.hosts;
import static io.millrace.config.Validators.named;
import static io.millrace.config.Validators.optional;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.types.Password;

/**
 * Where {@code run} listens for HTTP, and for whom.
 *
 * @param host name or address of this machine
 * @param port 0: any free one
 * @param names further host names by which clients call
 * @param tls null: plain HTTP
 * @param credentials null: whoever can connect may ask
 */
public record HttpSettings(String host, int port, List<String> names, Tls tls, Credentials credentials) {
    /**
     * The certificate of the server.
     *
     * @param keystore file with it and its key, PKCS 12 or JKS
     * @param password of the file
     */
    public record Tls(String keystore, Password password) {}

    /**
     * What clients must send, either a user with a password or a token.
     *
     * @param user null: no user is accepted
     * @param password of the user; null without one
     * @param token null: no token is accepted
     */
    public record Credentials(String user, Password password, Password token) {}

    static final String HTTP_PORT = "http.port";
    static final String HTTP_HOST = "http.host";
    static final String HTTP_NAMES = "http.names";
    static final String HTTP_KEYSTORE = "http.tls.keystore.location";
    static final String HTTP_KEYSTORE_PASSWORD = "http.tls.keystore.password";
    static final String HTTP_USER = "http.auth.user";
    static final String HTTP_PASSWORD = "http.auth.password";
    static final String HTTP_TOKEN = "http.auth.token";

    static void define(Definition d) {
        d.group("HTTP");
        d.define(
                HTTP_PORT,
                INT,
                null,
                optional(Range.between(0, 65_535)),
                MEDIUM,
                "The port at which millrace run answers over HTTP: health, predictions, metrics and a page. 0: any free port, which the"
                        + " log names. Without it, run opens no port: docs/http.md.");
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
        d.define(
                HTTP_KEYSTORE,
                STRING,
                null,
                null,
                MEDIUM,
                "A file with the server's certificate and key (PKCS 12 or JKS). With it, the server speaks HTTPS alone.");
        d.define(HTTP_KEYSTORE_PASSWORD, PASSWORD, null, null, MEDIUM, "The password of that file.");
        d.define(
                HTTP_USER,
                STRING,
                null,
                null,
                MEDIUM,
                "The user of basic authentication. Every request needs it, or the token, except those for health.");
        d.define(HTTP_PASSWORD, PASSWORD, null, null, MEDIUM, "The password of http.auth.user.");
        d.define(HTTP_TOKEN, PASSWORD, null, null, MEDIUM, "The token of bearer authentication.");
    }

    static Optional<HttpSettings> of(AbstractConfig values) {
        return Optional.ofNullable(values.getInt(HTTP_PORT))
                .map(port -> new HttpSettings(
                        values.getString(HTTP_HOST),
                        port,
                        values.getList(HTTP_NAMES),
                        tls(values),
                        credentials(values)));
    }

    private static Tls tls(AbstractConfig values) {
        String keystore = values.getString(HTTP_KEYSTORE);
        return keystore == null ? null : new Tls(keystore, values.getPassword(HTTP_KEYSTORE_PASSWORD));
    }

    private static Credentials credentials(AbstractConfig values) {
        String user = values.getString(HTTP_USER);
        Password token = values.getPassword(HTTP_TOKEN);
        return user == null && token == null ? null : new Credentials(user, values.getPassword(HTTP_PASSWORD), token);
    }

    /** Adds a sentence for each setting that would protect nothing. */
    static void check(AbstractConfig values, List<String> problems) {
        requireBoth(HTTP_USER, HTTP_PASSWORD, values, problems);
        requireBoth(HTTP_KEYSTORE, HTTP_KEYSTORE_PASSWORD, values, problems);
        for (String key : List.of(HTTP_KEYSTORE, HTTP_USER, HTTP_TOKEN)) {
            if (values.originals().containsKey(key) && values.getInt(HTTP_PORT) == null) {
                problems.add(key + " has no effect without " + HTTP_PORT + ".");
            }
        }
    }

    private static void requireBoth(String one, String other, AbstractConfig values, List<String> problems) {
        if (values.originals().containsKey(one) != values.originals().containsKey(other)) {
            problems.add("Set both " + one + " and " + other + ", or neither.");
        }
    }
}
