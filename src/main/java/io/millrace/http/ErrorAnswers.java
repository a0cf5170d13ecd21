package io.millrace.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.millrace.learner.input.BadInputException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every fault as {@code {"error": "a sentence"}}, as the Open Inference Protocol has it: those of handlers, and those of Jetty. */
final class ErrorAnswers extends ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    void addTo(RoutesConfig routes) {
        routes.exception(BadInputException.class, (e, http) -> fail(http, HttpStatus.BAD_REQUEST_400, e.getMessage()));
        routes.exception(HttpResponseException.class, (e, http) -> fail(http, e.getStatus(), e.getMessage()));
        routes.exception(MethodNotAllowedResponse.class, (e, http) -> {
            http.header("Allow", e.getDetails().getOrDefault("availableMethods", ""));
            fail(http, e.getStatus(), "The method " + http.req().getMethod() + " is not for this address.");
        });
        routes.exception(
                EofException.class, (e, http) -> fail(http, HttpStatus.BAD_REQUEST_400, "The request ends early."));
        routes.exception(Exception.class, (e, http) -> {
            if (e instanceof HttpException bad && bad.getCode() < HttpStatus.INTERNAL_SERVER_ERROR_500) {
                fail(http, bad.getCode(), HttpStatus.getMessage(bad.getCode())); // of a body in wrong chunks
                return;
            }
            LOG.error("The HTTP server failed at {} {}", http.req().getMethod(), http.path(), e);
            fail(http, HttpStatus.INTERNAL_SERVER_ERROR_500, "The server failed at this request; its log says why.");
        });
    }

    private static void fail(Context http, int status, String sentence) {
        Json.answer(http, status, Json.object().put("error", sentence));
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    /** A fault that Jetty found, such as a header that is too long. Its message may quote what the client sent. */
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback)
            throws IOException {
        String sentence = code == HttpStatus.PAYLOAD_TOO_LARGE_413
                ? "The body is larger than " + HttpServer.MAX_BODY_BYTES + " bytes."
                : HttpStatus.getMessage(code);
        response.getHeaders().put("Content-Type", Json.CONTENT_TYPE);
        Content.Sink.write(response, true, Json.object().put("error", sentence).toString(), callback);
    }
}
