package io.millrace.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses a body that is too large before it is sent, if the client asks ({@code Expect: 100-continue}, RFC 9110, 10.1.1). A client that does
 * not ask is read up to the limit first: it sends anyway, and a connection that is closed meanwhile could lose the answer.
 */
final class AnnouncedBodies extends Handler.Wrapper {
    private final long maxBytes;

    AnnouncedBodies(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().contains(HttpHeader.EXPECT) && request.getLength() > maxBytes) {
            Response.writeError(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
            return true;
        }
        return super.handle(request, response, callback);
    }
}
