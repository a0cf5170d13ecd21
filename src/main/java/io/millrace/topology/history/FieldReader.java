package io.millrace.topology.history;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads what a {@link FieldWriter} wrote. */
final class FieldReader extends DataInputStream {
    FieldReader(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
    }

    String text() throws IOException {
        return new String(readNBytes(readInt()), StandardCharsets.UTF_8);
    }
}
