package io.millrace.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.UsageException;
import io.millrace.input.declared.JsonRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** Records that are given as objects of JSON, one in each line: {@link JsonRecord}. Blank lines are left out. */
public final class OwnRecords implements Iterator<OwnRecord>, AutoCloseable {
    private final BufferedReader lines;
    private final String name;
    private final Function<ObjectNode, byte[]> encoder;
    private long number; // of the last line
    private String line; // the next one; null: not read, or none

    /**
     * @param lines objects of JSON
     * @param name where they come from, for messages
     * @param encoder makes a value; throws an {@link IllegalArgumentException} with a sentence if it cannot
     */
    public OwnRecords(BufferedReader lines, String name, Function<ObjectNode, byte[]> encoder) {
        this.lines = lines;
        this.name = name;
        this.encoder = encoder;
    }

    @Override
    public boolean hasNext() {
        try {
            while (line == null || line.isBlank()) {
                line = lines.readLine();
                if (line == null) {
                    return false;
                }
                number++;
            }
            return true;
        } catch (CharacterCodingException e) {
            throw new UsageException(name + " is not in UTF-8 behind line " + number + ".", e);
        } catch (IOException e) {
            throw new UsageException(name + " cannot be read behind line " + number + ": " + e.getMessage() + ".", e);
        }
    }

    /** {@return the next record, or why it is none} */
    @Override
    public OwnRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String text = number == 1 ? line.replaceFirst("^\uFEFF", "") : line;
        line = null;
        try {
            if (!(JsonRecord.JSON.readTree(text) instanceof ObjectNode object)) {
                throw new IllegalArgumentException("a record is an object, as in {\"amount\": 12.5}");
            }
            JsonRecord record = JsonRecord.of(object);
            return new OwnRecord(
                    record.key(), encoder.apply(record.value()), record.timestamp(), record.headers(), null);
        } catch (JsonProcessingException e) {
            return fault("not valid as JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return fault(e.getMessage());
        }
    }

    private OwnRecord fault(String sentence) {
        return new OwnRecord(null, null, null, null, "line " + number + ": " + sentence);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
