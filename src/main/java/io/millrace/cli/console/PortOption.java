package io.millrace.cli.console;

/** The value of an option that names a port. */
public final class PortOption {
    private static final int HIGHEST = 65535;

    private PortOption() {}

    /**
     * Checks the value; 0 stands for any free port.
     *
     * @throws UsageException if it is no port
     */
    public static void require(String option, int port) {
        if (port < 0 || port > HIGHEST) {
            throw new UsageException(option + " must be from 0 to " + HIGHEST + ", not " + port + ".");
        }
    }
}
