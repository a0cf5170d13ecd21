package io.millrace.config;

/**
 * Names an application in the cluster. Training and serving are two applications of Kafka Streams: their consumer groups, transactional ids
 * and internal topics bear these names.
 *
 * @param name value of {@code application.id}
 */
public record ApplicationId(String name) {
    /** Stands for any, in texts for people. */
    public static final ApplicationId ANY = new ApplicationId("<application.id>");

    /** @return the id of training, which is the name of its consumer group */
    public String training() {
        return name + "-train";
    }

    /** @return the id of serving, which is the name of its consumer group */
    public String serving() {
        return name + "-serve";
    }

    /**
     * @param store name of a store of training
     * @return the topic of its changelog
     */
    public String changelog(String store) {
        return training() + "-" + store + "-changelog";
    }
}
