package io.millrace.records;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets every test build records: in the application, serdes see to it; which test of a JVM makes the first serdes is chance. */
public final class TrustBeforeTests implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        TrustedRecords.trust();
    }
}
