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
 * Writes what is hashed or stored of a lineage. Before what varies in length stands how long it is, so that no two contents give the
 * same bytes; maps are written by their keys' order, and every bit of a number counts.
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

    /** @param withStretch whether their stretches are written, which have been there since the third format of lineages */
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
