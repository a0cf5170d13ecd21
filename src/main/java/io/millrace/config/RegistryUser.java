package io.millrace.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Separates the user and password from a registry's URL, {@code https://user:password@host}. Millrace and the registry's client write
 * URLs to logs and error messages, and a password must not appear there.
 */
final class RegistryUser {
    static final String SOURCE = "basic.auth.credentials.source";
    static final String USER = "basic.auth.user.info";

    private static final Pattern WITH_USER = Pattern.compile("(https?://)([^/?#\\s]*)@(.*)");

    private RegistryUser() {}

    /** @return the URLs without users, separated by commas */
    static String without(List<String> urls) {
        return urls.stream().map(RegistryUser::without).collect(Collectors.joining(","));
    }

    private static String without(String url) {
        Matcher parts = WITH_USER.matcher(url);
        return parts.matches() ? parts.group(1) + parts.group(3) : url;
    }

    /** @return settings of the registry's client for the first user in the URLs; empty if no URL has a user */
    static Map<String, String> of(List<String> urls) {
        return urls.stream()
                .map(WITH_USER::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(parts -> Map.of(SOURCE, "USER_INFO", USER, decoded(parts.group(2))))
                .orElse(Map.of());
    }

    private static String decoded(String user) {
        try {
            return URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return user; // a % that does not begin an escape sequence is part of the password
        }
    }
}
