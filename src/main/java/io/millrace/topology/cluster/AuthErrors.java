package io.millrace.topology.cluster;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.config.ApplicationId;
import java.security.UnrecoverableKeyException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Recognises faults of rights, certificates, passwords and the temporary directory, and describes each in a sentence that names the
 * settings to correct. The operator must correct such a fault; trying again does not help. A sentence never contains the value of a
 * setting, because it may be a secret.
 */
public final class AuthErrors {
    private static final String RIGHTS =
            " Grant it (docs/security.md lists what each role needs), or correct sasl.jaas.config.";

    private AuthErrors() {}

    /**
     * Describes a fault of this kind.
     *
     * @param fault any fault; its causes are searched too
     * @return a sentence; empty when the fault is of another kind
     */
    public static Optional<String> sentence(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            String sentence = ofBrokers(cause);
            if (sentence == null) {
                sentence = NativeLibraryFault.sentence(cause);
            }
            if (sentence == null && cause instanceof RestClientException refusal) {
                sentence = ofRegistry(refusal);
            }
            if (sentence != null) {
                return Optional.of(sentence);
            }
        }
        return Optional.empty();
    }

    private static String ofBrokers(Throwable fault) {
        if (fault instanceof TopicAuthorizationException topics) {
            // requests that create topics name none
            String which = topics.unauthorizedTopics().isEmpty()
                    ? "a topic whose name begins with " + ApplicationId.ANY.training() + "-"
                    : "the topic " + String.join(", ", topics.unauthorizedTopics());
            return "The Kafka user lacks a right on " + which + "." + RIGHTS;
        }
        if (fault instanceof GroupAuthorizationException group) {
            return "The Kafka user lacks a right on the consumer group " + group.groupId() + "." + RIGHTS;
        }
        if (fault instanceof TransactionalIdAuthorizationException) {
            return "The Kafka user lacks the right Write on the transactional ids that begin with "
                    + ApplicationId.ANY.training() + "-." + RIGHTS;
        }
        if (fault instanceof AuthorizationException) {
            return "The Kafka user lacks a right (" + fault.getMessage() + ")." + RIGHTS;
        }
        if (fault instanceof UnsupportedSaslMechanismException || fault instanceof IllegalSaslStateException) {
            return "The brokers do not accept this SASL mechanism (" + fault.getMessage()
                    + "). Correct sasl.mechanism and security.protocol.";
        }
        if (fault instanceof SaslAuthenticationException) {
            return "The brokers refuse the user or the password (" + fault.getMessage()
                    + "). Correct sasl.jaas.config and sasl.mechanism.";
        }
        if (fault instanceof SslAuthenticationException) {
            return "A TLS connection to the brokers failed (" + root(fault) + "). " + tls(root(fault), "");
        }
        return fault instanceof IllegalArgumentException
                        || fault instanceof SecurityException
                        || fault instanceof LoginException
                ? ofLoginModule(fault)
                : ofStores(String.valueOf(fault.getMessage()), fault);
    }

    private static String ofStores(String message, Throwable fault) {
        boolean registry = message.startsWith("Error initializing the ssl context for RestService");
        if (!registry && !message.startsWith("Failed to load SSL keystore")) {
            return null;
        }
        String prefix = registry ? "schema.registry." : "";
        boolean wrongPassword = false;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            wrongPassword |= cause instanceof UnrecoverableKeyException;
        }
        return "A certificate store cannot be read (" + (wrongPassword ? "wrong password" : root(fault))
                + "). Correct " + prefix
                + "ssl.truststore.location and " + prefix + "ssl.truststore.password, or those of " + prefix
                + "ssl.keystore.";
    }

    /** Kafka's parser may quote a part of the setting, perhaps of the password, so its message is left out. */
    private static String ofLoginModule(Throwable fault) {
        String message = String.valueOf(fault.getMessage());
        if (message.contains("java.security.auth.login.config")) {
            return "security.protocol asks for SASL, but sasl.jaas.config is not set.";
        }
        return fault instanceof LoginException || message.contains("JAAS config") || message.contains("Login module")
                ? "sasl.jaas.config cannot be used. It must have the form"
                        + " org.apache.kafka.common.security.scram.ScramLoginModule required username=\"...\" password=\"...\";"
                : null;
    }

    /** @return a sentence when the registry refuses a request as unauthenticated or unauthorised; null for another answer */
    private static String ofRegistry(RestClientException refusal) {
        return switch (refusal.getStatus()) {
            case 401 ->
                "The schema registry refuses the user or the password (" + refusal.getMessage()
                        + "). Correct basic.auth.user.info, with basic.auth.credentials.source=USER_INFO, or bearer.auth.token.";
            case 403 ->
                "The schema registry's user lacks a right (" + refusal.getMessage()
                        + "). Grant it, or correct basic.auth.user.info or bearer.auth.token.";
            default -> null;
        };
    }

    /**
     * Says what to do about a registry that cannot be reached.
     *
     * @param fault what the registry's client failed with
     * @return a sentence of advice
     */
    public static String registryAdvice(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return tls(root(fault), "schema.registry.");
            }
        }
        return "Start it, or correct schema.registry.url.";
    }

    private static String tls(String message, String prefix) {
        if (message.contains("certification path") || message.contains("trustAnchors")) {
            return "Correct " + prefix
                    + "ssl.truststore.location: it must contain the authority that signed the server's certificate.";
        }
        if (message.contains("subject alternative") || message.contains("No name matching")) {
            return "The certificate is for another host name: correct "
                    + (prefix.isEmpty() ? "bootstrap.servers" : "schema.registry.url") + " or the certificate.";
        }
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return prefix.isEmpty()
                    ? "The brokers' port does not use TLS: correct security.protocol or the port in bootstrap.servers."
                    : "The registry does not use TLS: begin schema.registry.url with http://.";
        }
        return "Correct " + prefix + "ssl.truststore.location, and " + prefix
                + "ssl.keystore.location if the server asks for a certificate.";
    }

    /** @return the message of the innermost cause, or its type if it has none */
    public static String root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    /** Adds the topic's name to a refusal, because the admin client's refusals do not name it. */
    public static ExecutionException named(ExecutionException fault, String topic) {
        return fault.getCause() instanceof TopicAuthorizationException
                ? new ExecutionException(new TopicAuthorizationException(Set.of(topic)))
                : fault;
    }
}
