package io.millrace;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/** Calls, and references to methods, that take a locale or an encoding from where the program happens to run. */
final class NoDefaults extends ArchCondition<JavaClass> {
    private static final String OBJECTS = "[Ljava.lang.Object;";

    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.String.format(java.lang.String, " + OBJECTS + ")",
            "java.lang.String.formatted(" + OBJECTS + ")",
            "java.lang.String.toLowerCase()",
            "java.lang.String.toUpperCase()",
            "java.lang.String.getBytes()",
            "java.lang.String.<init>([B)",
            "java.lang.String.<init>([B, int, int)",
            "java.io.PrintStream.format(java.lang.String, " + OBJECTS + ")",
            "java.io.PrintStream.printf(java.lang.String, " + OBJECTS + ")",
            "java.io.PrintStream.<init>(java.io.OutputStream)",
            "java.io.PrintStream.<init>(java.io.OutputStream, boolean)",
            "java.io.PrintWriter.format(java.lang.String, " + OBJECTS + ")",
            "java.io.PrintWriter.printf(java.lang.String, " + OBJECTS + ")",
            "java.io.PrintWriter.<init>(java.io.OutputStream)",
            "java.io.PrintWriter.<init>(java.io.OutputStream, boolean)",
            "java.io.InputStreamReader.<init>(java.io.InputStream)",
            "java.io.OutputStreamWriter.<init>(java.io.OutputStream)",
            "java.io.FileReader.<init>(java.io.File)",
            "java.io.FileReader.<init>(java.lang.String)",
            "java.io.FileWriter.<init>(java.io.File)",
            "java.io.FileWriter.<init>(java.lang.String)",
            "java.nio.charset.Charset.defaultCharset()",
            "java.util.Formatter.<init>()",
            "java.util.Formatter.<init>(java.lang.Appendable)",
            "java.util.Locale.getDefault()",
            "java.util.Scanner.<init>(java.io.InputStream)",
            "java.text.DecimalFormat.<init>(java.lang.String)",
            "java.text.NumberFormat.getInstance()",
            "java.text.SimpleDateFormat.<init>(java.lang.String)",
            "java.time.format.DateTimeFormatter.ofPattern(java.lang.String)");

    NoDefaults() {
        super("take no default locale or encoding");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        Stream.<JavaAccess<?>>concat(
                        type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream())
                .filter(access -> FORBIDDEN.contains(access.getTarget().getFullName()))
                .forEach(access -> events.add(SimpleConditionEvent.violated(type, access.getDescription())));
    }
}
