package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The requested port cannot be bound. */
final class PortTakenException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    PortTakenException(int port, Throwable cause) {
        super(
                "port " + port + " of 127.0.0.1 cannot be bound (" + cause.getMessage()
                        + "): stop what listens there, or ask for port 0 to get any free one",
                new IOException(cause));
    }
}
