package io.millrace.topology.history;

import io.millrace.avro.Configuration;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the fields of a lineage that are hashed or stored. The length of a field precedes it if it varies, so that different contents
 * never give the same bytes. Maps are written in the order of their keys, and every bit of a number is written.
 */
final class FieldWriter extends DataOutputStream {
    FieldWriter(OutputStream out) {
        super(out);
    }

    void text(String text) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] bytes) throws IOException {
        writeInt(bytes.length);
        write(bytes);
    }

    void texts(List<String> texts) throws IOException {
        writeInt(texts.size());
        for (String text : texts) {
            text(text);
        }
    }

    void number(double value) throws IOException {
        writeLong(Double.doubleToRawLongBits(value));
    }

    void numbers(List<Double> values) throws IOException {
        writeInt(values.size());
        for (double value : values) {
            number(value);
        }
    }

    void number(float value) throws IOException {
        writeInt(Float.floatToRawIntBits(value));
    }

    void numbers(float[] values) throws IOException {
        writeInt(values.length);
        for (float value : values) {
            number(value);
        }
    }

    /** @param withStretch whether their stretches are written; they exist since the third format of lineages */
    void configurations(List<Configuration> configurations, boolean withStretch) throws IOException {
        writeInt(configurations.size());
        for (Configuration configuration : configurations) {
            if (withStretch) {
                writeInt(configuration.getStretch());
            }
            writeLong(configuration.getOffset());
            writeLong(configuration.getVersion());
            writeInt(configuration.getSettings().size());
            for (Map.Entry<String, String> setting : new TreeMap<>(configuration.getSettings()).entrySet()) {
                text(setting.getKey());
                text(setting.getValue());
            }
        }
    }
}
