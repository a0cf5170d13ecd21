package io.millrace.watch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What one record of a topic, or a change of a topic itself, adds to the picture. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Change.Reported.class, name = "reported"),
    @JsonSubTypes.Type(value = Change.Detailed.class, name = "detailed"),
    @JsonSubTypes.Type(value = Change.Published.class, name = "published"),
    @JsonSubTypes.Type(value = Change.Deleted.class, name = "deleted"),
    @JsonSubTypes.Type(value = Change.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = Change.Marked.class, name = "marked")
})
sealed interface Change {
    /**
     * A report.
     *
     * @param anew the model began anew: what was known of the replica is past
     * @param members names of an ensemble's members, in the order of the point's numbers
     * @param heldOut null if no example was held out
     * @param refused examples that the guard refused since the report before
     */
    record Reported(
            int partition,
            boolean anew,
            List<String> members,
            Point point,
            HeldOut heldOut,
            long refused,
            List<Mark> marks)
            implements Change {}

    /** Details of the newest report of a replica. They follow the reports: those of older reports are not kept. */
    record Detailed(int partition, Details details) implements Change {}

    /**
     * A version is complete.
     *
     * @param model null if it is that of the version before
     */
    record Published(Version version, ModelView model, List<Mark> marks) implements Change {}

    /** A version is no longer in its topic. */
    record Deleted(int partition, long version) implements Change {}

    /** A record went to the dead letters. */
    record Refused(Letter letter) implements Change {}

    /** Something that no record tells happened to a replica. */
    record Marked(int partition, Mark mark) implements Change {}
}
