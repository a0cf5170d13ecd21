package io.millrace.cli.inference;

/** What the values of a field are, and so whether and how it should enter a model. */
public enum FieldKind {
    /** A number. */
    NUMBER,
    /** A positive number whose values range over several powers of ten. */
    LOG,
    /** Yes or no. */
    FLAG,
    /** One of a few texts. */
    ONEOF,
    /** One of many texts, or a number that names something. */
    CATEGORY,
    /** A text of several words. */
    WORDS,
    /** A point in time. */
    TIME,
    /** Left out: never has a value. */
    EMPTY,
    /** Left out: always has the same value. */
    CONSTANT,
    /** Left out: counts the records. */
    INDEX,
    /** Left out: has another value in nearly every record. */
    ID,
    /** Left out: tells the label. */
    LABEL,
    /** Left out: no type of features reads it. */
    UNREADABLE;

    /** Whether the field should not be declared. */
    public boolean leftOut() {
        return compareTo(EMPTY) >= 0;
    }
}
