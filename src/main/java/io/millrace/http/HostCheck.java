package io.millrace.http;

import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses requests that name another host. A page of a stranger could otherwise let its own name point to this server's address and read the
 * answers in the browser of a user (DNS rebinding). An address instead of a name is safe. The port is not compared: behind a container's or a
 * cluster's port it is another one.
 */
final class HostCheck {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.%]+]|[^:\\[\\]]+)(:[0-9]{0,5})?");
    private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9.]+");
    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /**
     * @param host that the server listens at
     * @param names further names
     */
    HostCheck(String host, List<String> names) {
        this.names.add(host.toLowerCase(Locale.ROOT));
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** @throws HttpResponseException with status 400 or 421 */
    void check(Context http) {
        if (http.header(METHOD_OVERRIDE) != null) { // Javalin would follow it
            throw new BadRequestResponse(METHOD_OVERRIDE + " is not supported: send the method itself.");
        }
        String host = http.header("Host");
        if (host == null) {
            throw new BadRequestResponse("The request has no header Host.");
        }
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        if (!parts.matches() || !isKnown(parts.group(1))) {
            throw new HttpResponseException(
                    HttpStatus.MISDIRECTED_REQUEST.getCode(),
                    "The request names a host that this server does not know. Use localhost or an address, or add the name to"
                            + " http.names.");
        }
    }

    private boolean isKnown(String name) {
        return ADDRESS.matcher(name).matches()
                || names.contains(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }
}
