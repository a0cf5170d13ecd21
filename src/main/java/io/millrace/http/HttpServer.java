package io.millrace.http;

import io.javalin.Javalin;
import io.millrace.config.HttpSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.EagerContentHandler.RetainedContentLoaderFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP server with few threads and limits on everything that a client may send. A body is read before a thread works on its request, so
 * slow clients hold no thread. Faults are answered as {@code {"error": "a sentence"}}, without stack traces. Browsers may load from this
 * server alone, and reach it only by names that {@link HostCheck} knows.
 */
public final class HttpServer implements AutoCloseable {
    /** Largest body of a request; a larger one is answered with 413. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    private static final int THREADS = 16;
    private static final int MAX_CONNECTIONS = 256;
    /** A connection without traffic for so long is closed, that of an event stream, too. */
    private static final long IDLE_MS = 30_000;
    /** The same while there are as many connections as allowed. */
    private static final long CROWDED_IDLE_MS = 2_000;

    private final Javalin javalin;

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts a server without TLS and authentication, and returns when it answers.
     *
     * @param host name or address to listen at; 0.0.0.0 is all addresses of the machine
     * @param port 0 takes any free one
     * @param names further host names by which clients may call
     * @param parts what it offers
     * @throws UncheckedIOException with a sentence if it cannot listen there
     */
    public static HttpServer start(String host, int port, List<String> names, List<HttpPart> parts) {
        return start(new HttpSettings(host, port, names, null, null), parts);
    }

    /**
     * Starts a server and returns when it answers.
     *
     * @param settings where, for whom, and how protected
     * @param parts what it offers
     * @throws UncheckedIOException with a sentence if it cannot listen there
     */
    public static HttpServer start(HttpSettings settings, List<HttpPart> parts) {
        HostCheck hosts = new HostCheck(settings.host(), settings.names());
        ErrorAnswers errors = new ErrorAnswers();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("http");
        threads.setDaemon(true);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = 2 * MAX_BODY_BYTES; // Jetty has refused what is larger than one
            config.http.prefer405over404 = true;
            config.jetty.threadPool = threads;
            config.jetty.modifyHttpConfiguration(http -> http.addCustomizer(HttpServer::protect));
            config.jetty.addConnector((server, http) -> listening(server, http, settings));
            config.jetty.modifyServer(server -> limit(server, errors));
            config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(errors));
            config.routes.before(hosts::check);
            if (settings.credentials() != null) {
                config.routes.before(new Authentication(settings.credentials())::check);
            }
            errors.addTo(config.routes);
            parts.forEach(part -> part.addTo(config));
        });
        return new HttpServer(javalin.start());
    }

    private static Request protect(Request request, HttpFields.Mutable answer) {
        answer.put("Content-Security-Policy", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        answer.put("X-Content-Type-Options", "nosniff");
        answer.put("Referrer-Policy", "no-referrer");
        return request;
    }

    /** Binds before Javalin starts, which would log a stack trace for a port that is taken. */
    private static ServerConnector listening(Server server, HttpConfiguration http, HttpSettings settings) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = settings.tls() == null
                ? new ServerConnector(server, 1, 1, plain)
                : new ServerConnector(server, 1, 1, AbstractConnectionFactory.getFactories(tls(settings.tls()), plain));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MS);
        try {
            connector.open();
        } catch (IOException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new UncheckedIOException(
                    "The HTTP server cannot listen at " + settings.host() + ", port " + settings.port() + ": " + why,
                    e);
        }
        return connector;
    }

    private static SslContextFactory.Server tls(HttpSettings.Tls settings) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        try {
            tls.setKeyStorePath(settings.keystore());
            tls.setKeyStorePassword(settings.password().value());
            tls.start();
        } catch (Exception e) { // it declares no narrower one
            throw new UncheckedIOException(
                    "The HTTP server cannot use the keystore " + settings.keystore() + ": " + e.getMessage(),
                    new IOException(e));
        }
        return tls;
    }

    private static void limit(Server server, ErrorAnswers errors) {
        NetworkConnectionLimit connections = new NetworkConnectionLimit(MAX_CONNECTIONS, server);
        connections.setEndPointIdleTimeout(CROWDED_IDLE_MS);
        server.addBean(connections);
        int refusedBytes = MAX_BODY_BYTES + 1; // Jetty refuses from so many on
        server.insertHandler(new EagerContentHandler(new RetainedContentLoaderFactory(refusedBytes, 0, true)));
        server.insertHandler(new AnnouncedBodies(MAX_BODY_BYTES)); // comes before it
        server.setErrorHandler(errors);
    }

    /** The port that it listens at. */
    public int port() {
        return javalin.port();
    }

    /** Stops listening and closes all connections, also in a thread that is interrupted. Further calls have no effect. */
    @Override
    public void close() {
        boolean interrupted =
                Thread.interrupted(); // Jetty would not wait for its threads, and say so with a stack trace
        try {
            javalin.stop();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
