package io.millrace.records;

import io.millrace.avro.Example;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Allows Avro to instantiate the records of schemas/: it instantiates only trusted classes. */
public final class TrustedRecords {
    private static final String PACKAGE = Example.class.getPackageName();

    static {
        // Added to the classes that are already trusted, so that system properties and the application's own rules are
        // kept.
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                before, recordClass -> recordClass.getPackageName().equals(PACKAGE)));
    }

    private TrustedRecords() {}

    /** To be called before a record is read or built; serializers and deserializers do so. The first call loads this class, which does the work. */
    public static void trust() {}
}
