package io.millrace.topology.cluster;

/**
 * Recognises a compression library that cannot be loaded. Snappy and Zstandard unpack a native library into the temporary directory when
 * they are first needed. If that fails, Kafka's consumer advises to seek past the record, although the record is good.
 */
final class NativeLibraryFault {
    private NativeLibraryFault() {}

    /** @return what to do, or null when the fault is another one */
    static String sentence(Throwable fault) {
        if (!(fault instanceof LinkageError)) {
            return null;
        }
        String said = fault.toString().toLowerCase(java.util.Locale.ROOT);
        String codec = said.contains("snappy") ? "snappy" : said.contains("zstd") ? "zstd" : null;
        if (codec == null) {
            return null;
        }
        return "Records are compressed with " + codec
                + ", but its library cannot be unpacked into the temporary directory "
                + System.getProperty("java.io.tmpdir") + ", or cannot be loaded from there (" + fault.getMessage()
                + "). Allow this user to write there, mount it without noexec, or set another directory:"
                + " MILLRACE_JAVA_OPTS=-Djava.io.tmpdir=DIR.";
    }
}
