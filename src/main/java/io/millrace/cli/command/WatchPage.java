package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.UsageException;
import io.millrace.config.MillraceConfig;
import io.millrace.http.HttpPart;
import io.millrace.http.HttpServer;
import io.millrace.http.InferenceRoutes;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.serving.LiveModel;
import io.millrace.watch.Watch;
import java.io.UncheckedIOException;
import java.util.List;

/** The page that shows a model learn, on a web server of its own on this machine. */
public final class WatchPage implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int HIGHEST_PORT = 65535;

    private final Watch watch;
    private final HttpServer server;

    private WatchPage(Watch watch, HttpServer server) {
        this.watch = watch;
        this.server = server;
    }

    /**
     * Opens the page and returns when its server answers.
     *
     * @param config names the cluster, the topics, which exist, and the model
     * @param serdes open longer than the page
     * @param port on 127.0.0.1; 0 takes any free one
     * @throws FailedException if the port cannot be used
     */
    public static WatchPage open(MillraceConfig config, AvroSerdes serdes, int port) {
        LiveModel live = new LiveModel(config.modelName());
        Watch watch = new Watch(config, serdes, live);
        try {
            List<HttpPart> parts = List.of(watch, new InferenceRoutes(live));
            return new WatchPage(watch, HttpServer.start(HOST, port, List.of(), parts));
        } catch (UncheckedIOException e) {
            watch.close();
            throw new FailedException(e.getMessage() + ". Choose another --http-port.", e);
        }
    }

    /** Checks the value of an option. */
    public static void requirePort(String option, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new UsageException(option + " must be from 0 to " + HIGHEST_PORT + ", not " + port + ".");
        }
    }

    /** {@return its address} */
    public String url() {
        return "http://" + HOST + ":" + server.port() + "/";
    }

    @Override
    public void close() {
        watch.close(); // ends the streams of events, for which the server would wait
        server.close();
    }
}
