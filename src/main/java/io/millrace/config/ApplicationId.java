package io.millrace.config;

/**
 * The name of an application in the cluster. Training and serving are two Kafka Streams applications. Their consumer groups, transactional
 * ids and internal topics have names that begin with these ids.
 *
 * @param name value of {@code application.id}
 */
public record ApplicationId(String name) {
    /** A placeholder for any application id, used in documentation and messages. */
    public static final ApplicationId ANY = new ApplicationId("<application.id>");

    /** @return the application id of training, which is also the name of its consumer group */
    public String training() {
        return name + "-train";
    }

    /** @return the application id of serving, which is also the name of its consumer group */
    public String serving() {
        return name + "-serve";
    }

    /** @return the consumer group of the intake, which fills the learning log, and its transactional id */
    public String intake() {
        return name + "-intake";
    }

    /**
     * @param store name of a state store of training
     * @return the name of its changelog topic
     */
    public String changelog(String store) {
        return training() + "-" + store + "-changelog";
    }

    /** @return the name: a text that contains the id contains what the user wrote */
    @Override
    public String toString() {
        return name;
    }
}
