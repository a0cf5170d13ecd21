package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** A version as a file: an Avro data file with its chunks in order. A version always gives the same bytes. */
public final class SnapshotFile {
    private SnapshotFile() {}

    /**
     * Writes a version, and closes the stream.
     *
     * @param snapshot whose checksums were verified
     */
    public static void write(StoredSnapshot snapshot, OutputStream out) throws IOException {
        // Avro would draw the mark between the blocks at random
        byte[] mark = Arrays.copyOf(HexFormat.of().parseHex(snapshot.head().getSha256()), DataFileConstants.SYNC_SIZE);
        try (DataFileWriter<ModelSnapshot> writer =
                new DataFileWriter<>(new SpecificDatumWriter<>(ModelSnapshot.class))) {
            writer.create(ModelSnapshot.getClassSchema(), out, mark);
            for (ModelSnapshot chunk : snapshot.chunks()) {
                writer.append(chunk);
            }
        }
    }
}
