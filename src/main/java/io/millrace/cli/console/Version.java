package io.millrace.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into {@code version.properties}, with the commit if it was built in a clone. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Properties build = build();
        String commit = build.getProperty("commit");
        return new String[] {
            "millrace " + build.getProperty("version") + (commit.isEmpty() ? "" : " (commit " + commit + ")"),
            "Java " + System.getProperty("java.version")
        };
    }

    /** The version alone. */
    public static String number() {
        return build().getProperty("version");
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build;
    }
}
