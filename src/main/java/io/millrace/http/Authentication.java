package io.millrace.http;

import io.javalin.http.Context;
import io.javalin.http.UnauthorizedResponse;
import io.millrace.config.HttpSettings.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Asks for a user and password (RFC 7617) or a token (RFC 6750), except for health, which supervisors ask for without. */
final class Authentication {
    private static final Set<String> OPEN = Set.of(HealthRoutes.LIVE, HealthRoutes.READY);

    private final List<byte[]> accepted = new ArrayList<>(); // values of the header Authorization
    private final String challenge;

    Authentication(Credentials credentials) {
        if (credentials.user() != null) {
            byte[] pair = (credentials.user() + ":" + credentials.password().value()).getBytes(StandardCharsets.UTF_8);
            accept("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        if (credentials.token() != null) {
            accept("Bearer " + credentials.token().value());
        }
        challenge = (credentials.user() == null ? "Bearer" : "Basic") + " realm=\"millrace\"";
    }

    private void accept(String header) {
        accepted.add(header.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @throws UnauthorizedResponse without the right credentials */
    void check(Context http) {
        if (OPEN.contains(http.path())) {
            return;
        }
        String given = http.header("Authorization");
        byte[] header = given == null ? new byte[0] : given.getBytes(StandardCharsets.ISO_8859_1);
        boolean right = false;
        for (byte[] each : accepted) {
            right |= MessageDigest.isEqual(each, header); // takes as long whatever is wrong
        }
        if (!right) {
            http.header("WWW-Authenticate", challenge);
            throw new UnauthorizedResponse("This server asks for a user and password, or a token: http.auth.");
        }
    }
}
