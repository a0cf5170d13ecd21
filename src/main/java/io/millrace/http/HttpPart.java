package io.millrace.http;

import io.javalin.config.JavalinConfig;

/** A part of what a server offers. */
@FunctionalInterface
public interface HttpPart {
    /** Adds its routes. Called once, before the server starts. Handlers are called by several threads at once. */
    void addTo(JavalinConfig config);
}
