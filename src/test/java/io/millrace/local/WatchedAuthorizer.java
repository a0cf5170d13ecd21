package io.millrace.local;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's authorizer, which remembers what users asked for. */
public final class WatchedAuthorizer extends StandardAuthorizer {
    /** A question and its answer. */
    public record Asked(String user, ResourceType type, String name, AclOperation operation, boolean allowed) {}

    private static final Set<Asked> ASKED = ConcurrentHashMap.newKeySet();

    /** Everything that was asked since {@link #forget}. */
    public static Set<Asked> asked() {
        return Set.copyOf(ASKED);
    }

    public static void forget() {
        ASKED.clear();
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(context, actions);
        for (int i = 0; i < results.size(); i++) {
            Action action = actions.get(i);
            boolean allowed = results.get(i) == AuthorizationResult.ALLOWED;
            // an answer that is not worth a line of the audit log decides nothing: a client asked which rights it has
            if (allowed ? action.logIfAllowed() : action.logIfDenied()) {
                ASKED.add(new Asked(
                        context.principal().getName(),
                        action.resourcePattern().resourceType(),
                        action.resourcePattern().name(),
                        action.operation(),
                        allowed));
            }
        }
        return results;
    }
}
