package io.millrace.local;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.ParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.SimpleParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.local.SchemaFile.Content;
import io.millrace.local.SchemaFile.Reference;
import io.millrace.local.SchemaFile.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Subjects, their versions, and ids, by the rules of Confluent's registry: equal schemas share an id across subjects,
 * and a new version must be compatible with the versions before it. Parsing and the compatibility check are Confluent's
 * own code.
 *
 * <p>Confluent's {@code MockSchemaRegistryClient} is not used, because it accepts incompatible schemas, treats a failed
 * look-up as a new subject, and cannot continue a sequence of ids after a restart.
 */
final class SchemaStore {
    private static final String GLOBAL = "";
    private static final String DEFAULT_LEVEL = CompatibilityLevel.BACKWARD.name;

    private record Entry(Version version, AvroSchema schema) {}

    private final SchemaFile file; // null: in memory only
    private final List<Version> all = new ArrayList<>();
    private final Map<String, TreeMap<Integer, Entry>> subjects = new TreeMap<>();
    private final TreeMap<Integer, AvroSchema> byId = new TreeMap<>();
    private final Map<String, String> levels = new TreeMap<>();

    SchemaStore(SchemaFile fileOrNull) {
        file = fileOrNull;
        if (file != null) {
            Content content = file.read();
            content.versions().forEach(version -> add(version, parse(version.schema(), version.references())));
            levels.putAll(content.compatibility());
        }
    }

    /** The parsed schema; its references are resolved in this store. */
    synchronized AvroSchema parse(String schema, List<Reference> references) {
        Map<String, String> resolved = new LinkedHashMap<>();
        resolve(references, resolved);
        try {
            AvroSchema parsed = new AvroSchema(
                    schema,
                    references.stream()
                            .map(r -> new io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference(
                                    r.name(), r.subject(), r.version()))
                            .collect(Collectors.toList()),
                    resolved,
                    null);
            parsed.validate(false);
            return parsed;
        } catch (RuntimeException e) { // Avro's parse errors, and null where Avro requires a schema
            throw RegistryException.invalidSchema(e.getMessage());
        }
    }

    private void resolve(List<Reference> references, Map<String, String> resolved) {
        for (Reference reference : references) {
            TreeMap<Integer, Entry> versions = subjects.get(reference.subject());
            Entry entry = versions == null ? null : versions.get(reference.version());
            if (entry == null) {
                throw RegistryException.invalidSchema("no version " + reference.version() + " of the subject '"
                        + reference.subject() + "' that it refers to");
            }
            resolve(entry.version().references(), resolved);
            resolved.putIfAbsent(reference.name(), entry.version().schema());
        }
    }

    /** The id of the schema under the subject; registers the schema if it is new. */
    synchronized int register(String subject, AvroSchema schema, List<Reference> references) {
        Version known = find(subject, schema);
        if (known != null) {
            return known.id();
        }
        List<String> conflicts = conflicts(subject, schema, history(subject));
        if (!conflicts.isEmpty()) {
            throw new RegistryException(
                    409,
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                            + "\", details: " + conflicts);
        }
        TreeMap<Integer, Entry> versions = subjects.get(subject);
        int version = versions == null ? 1 : versions.lastKey() + 1;
        Version added = new Version(subject, version, idOf(schema), schema.canonicalString(), references);
        List<Version> next = new ArrayList<>(all);
        next.add(added);
        save(next, levels); // saved before it is used: an id that was given out must survive a crash
        add(added, schema);
        return added.id();
    }

    private int idOf(AvroSchema schema) {
        for (Map.Entry<Integer, AvroSchema> entry : byId.entrySet()) {
            if (same(entry.getValue(), schema)) {
                return entry.getKey();
            }
        }
        return byId.isEmpty() ? 1 : byId.lastKey() + 1;
    }

    private void add(Version version, AvroSchema schema) {
        all.add(version);
        byId.putIfAbsent(version.id(), schema);
        subjects.computeIfAbsent(version.subject(), s -> new TreeMap<>())
                .put(version.version(), new Entry(version, schema));
    }

    private static boolean same(AvroSchema one, AvroSchema other) {
        return one.canonicalString().equals(other.canonicalString())
                && one.references().equals(other.references());
    }

    private Version find(String subject, AvroSchema schema) {
        for (Entry entry : subjects.getOrDefault(subject, new TreeMap<>()).values()) {
            if (same(entry.schema(), schema)) {
                return entry.version();
            }
        }
        return null;
    }

    /** The version that contains the schema. */
    synchronized Version lookUp(String subject, AvroSchema schema) {
        versions(subject);
        Version found = find(subject, schema);
        if (found == null) {
            throw RegistryException.noSchema();
        }
        return found;
    }

    synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    synchronized List<Integer> versions(String subject) {
        return List.copyOf(existing(subject).keySet());
    }

    private TreeMap<Integer, Entry> existing(String subject) {
        TreeMap<Integer, Entry> versions = subjects.get(subject);
        if (versions == null) {
            throw RegistryException.noSubject(subject);
        }
        return versions;
    }

    /** A version by its number, or the last one for "latest" or "-1". */
    synchronized Version version(String subject, String version) {
        return entry(subject, version).version();
    }

    private Entry entry(String subject, String version) {
        TreeMap<Integer, Entry> versions = existing(subject);
        if (version.equals("latest") || version.equals("-1")) {
            return versions.lastEntry().getValue();
        }
        Entry entry;
        try {
            entry = versions.get(Integer.parseInt(version));
        } catch (NumberFormatException e) {
            throw new RegistryException(
                    422,
                    42202,
                    "The specified version '" + version + "' is not a valid version id. Allowed values are between"
                            + " [1, 2^31-1] and the string \"latest\"");
        }
        if (entry == null) {
            throw RegistryException.noVersion(version);
        }
        return entry;
    }

    /** Every version in which the id is registered; never empty. */
    synchronized List<Version> byId(String id) {
        List<Version> found =
                all.stream().filter(v -> String.valueOf(v.id()).equals(id)).collect(Collectors.toList());
        if (found.isEmpty()) {
            throw RegistryException.noSchema(id);
        }
        return found;
    }

    /**
     * Why the schema is incompatible with the given version or, for null, with the versions that the level requires;
     * empty if it is compatible.
     */
    synchronized List<String> conflicts(String subject, AvroSchema schema, String versionOrNull) {
        return conflicts(
                subject,
                schema,
                versionOrNull == null ? history(subject) : List.of(holder(entry(subject, versionOrNull))));
    }

    private List<String> conflicts(String subject, AvroSchema schema, List<ParsedSchemaHolder> history) {
        CompatibilityLevel level = CompatibilityLevel.forName(levels.getOrDefault(subject, globalLevel()));
        return schema.isCompatible(level, history);
    }

    private List<ParsedSchemaHolder> history(String subject) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .map(SchemaStore::holder)
                .collect(Collectors.toList());
    }

    private static ParsedSchemaHolder holder(Entry entry) {
        ParsedSchema schema = entry.schema();
        return new SimpleParsedSchemaHolder(schema);
    }

    synchronized String globalLevel() {
        return levels.getOrDefault(GLOBAL, DEFAULT_LEVEL);
    }

    /** The compatibility level of the subject itself; null if it has none. */
    synchronized String level(String subject) {
        return levels.get(subject);
    }

    /** Sets the level of a subject or, for null, the global level. */
    synchronized void setLevel(String subjectOrNull, String level) {
        if (CompatibilityLevel.forName(level) == null) {
            throw new RegistryException(
                    422,
                    42203,
                    "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive,"
                            + " forward_transitive, and full_transitive");
        }
        Map<String, String> next = new HashMap<>(levels);
        next.put(subjectOrNull == null ? GLOBAL : subjectOrNull, level);
        save(all, next);
        levels.putAll(next);
    }

    private void save(List<Version> versions, Map<String, String> compatibility) {
        if (file != null) {
            file.write(new Content(versions, new TreeMap<>(compatibility)));
        }
    }
}
