package io.millrace.nn.layer.recurrent;

import java.util.Locale;

/** Which states of a recurrent layer are its output. */
public enum States {
    /** That after the last step. */
    LAST,

    /** Those after each step: a sequence. */
    ALL;

    /** As it is written: {@code all}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
