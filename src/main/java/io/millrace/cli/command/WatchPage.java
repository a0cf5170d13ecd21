package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import io.millrace.config.HttpSettings;
import io.millrace.config.MillraceConfig;
import io.millrace.http.HttpPart;
import io.millrace.http.HttpServer;
import io.millrace.http.InferenceRoutes;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.serving.LiveModel;
import io.millrace.watch.Watch;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The page that shows a model learn, and the server that offers it. */
public final class WatchPage implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

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
        watch.begin(); // the live model can be asked without the page, too
        try {
            return open(new HttpSettings(HOST, port, List.of(), null, null), watch, List.of(new InferenceRoutes(live)));
        } catch (UncheckedIOException e) {
            throw new FailedException(e.getMessage() + ". Choose another --http-port.", e);
        }
    }

    /**
     * Opens the page on a server that offers more.
     *
     * @param watch is closed with the page, or if the server does not start
     * @param others what else the server offers
     * @throws UncheckedIOException with a sentence if it cannot listen there
     */
    static WatchPage open(HttpSettings settings, Watch watch, List<HttpPart> others) {
        List<HttpPart> parts = new ArrayList<>(others);
        parts.add(watch);
        try {
            return new WatchPage(watch, HttpServer.start(settings, parts));
        } catch (UncheckedIOException e) {
            watch.close();
            throw e;
        }
    }

    /** {@return the port of its server} */
    int port() {
        return server.port();
    }

    /** {@return its address on this machine} */
    public String url() {
        return "http://" + HOST + ":" + port() + "/";
    }

    @Override
    public void close() {
        watch.close(); // ends the streams of events, for which the server would wait
        server.close();
    }
}
