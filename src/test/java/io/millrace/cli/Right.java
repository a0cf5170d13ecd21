package io.millrace.cli;

import io.millrace.local.WatchedAuthorizer.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A row of the table of rights in docs/security.md. */
record Right(String user, ResourceType type, String name, PatternType pattern, AclOperation operation) {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "security.md");

    private static final String SEVERAL_PARTITIONS = "### Several partitions";

    /** The rights for one partition. */
    static List<Right> documented() throws IOException {
        String page = Files.readString(PAGE);
        return rows(page.substring(0, page.indexOf(SEVERAL_PARTITIONS)));
    }

    /** The rights that several partitions need in addition. */
    static List<Right> ofSeveralPartitions() throws IOException {
        String page = Files.readString(PAGE);
        return rows(page.substring(page.indexOf(SEVERAL_PARTITIONS)));
    }

    /** Every row whose third cell is a code and whose fourth is a kind of pattern. */
    private static List<Right> rows(String text) {
        return text.lines()
                .map(line -> line.split("\\s*\\|\\s*"))
                .filter(cells -> cells.length > 5 && cells[4].matches("literal|prefixed"))
                .map(cells -> new Right(
                        cells[1],
                        ResourceType.fromString(cells[2].equals("TransactionalId") ? "TRANSACTIONAL_ID" : cells[2]),
                        cells[3].replace("`", ""),
                        PatternType.valueOf(cells[4].toUpperCase(Locale.ROOT)),
                        AclOperation.fromString(cells[5])))
                .toList();
    }

    /** The page's example of a configuration, with other hosts and paths. */
    static Map<String, String> example(Map<String, String> replacements) throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```properties") + "```properties".length();
        String block = page.substring(start, page.indexOf("```", start));
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            block = block.replace(replacement.getKey(), replacement.getValue());
        }
        Map<String, String> settings = new LinkedHashMap<>();
        block.lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));
        return settings;
    }

    AclBinding binding() {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    /** Whether a question was answered by this right and not by one that it implies. */
    boolean answers(Asked asked) {
        return asked.allowed()
                && asked.user().equals(user)
                && asked.type() == type
                && asked.operation() == operation
                && (pattern == PatternType.LITERAL
                        ? asked.name().equals(name)
                        : asked.name().startsWith(name));
    }

    @Override
    public String toString() {
        return user + " " + operation.name().toLowerCase(Locale.ROOT) + " "
                + type.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
