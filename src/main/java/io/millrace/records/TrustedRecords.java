package io.millrace.records;

import io.millrace.avro.Example;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Makes Avro, which instantiates no class that it was not told to trust, trust the records of schemas/. */
final class TrustedRecords {
    private static final String PACKAGE = Example.class.getPackageName();

    static {
        // Added to whatever is trusted already, so that neither system properties nor the application's own rules are
        // lost.
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                before, recordClass -> recordClass.getPackageName().equals(PACKAGE)));
    }

    private TrustedRecords() {}

    /** Does its work on the first call, by loading this class. */
    static void trust() {}
}
