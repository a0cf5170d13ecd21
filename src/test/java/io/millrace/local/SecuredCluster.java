package io.millrace.local;

import static java.util.Map.entry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A broker that asks for TLS, a SCRAM login and rights, and a registry behind HTTPS and basic authentication. */
public final class SecuredCluster implements AutoCloseable {
    public static final String STORE_PASSWORD = "store-s3cret-0001";
    public static final String REGISTRY_USER = "millrace";
    public static final String REGISTRY_PASSWORD = "registry-s3cret:0002%";

    /** May read the registry, and not write. */
    public static final String REGISTRY_READER = "reader";

    public static final String READER_PASSWORD = "reader-s3cret-0004";

    private final Path directory;
    private final Path keystore;
    private final LocalBroker broker;
    private final LocalRegistry registry;
    private final HttpsServer https;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newHttpClient();

    private SecuredCluster(Path directory) throws Exception {
        this.directory = directory;
        keystore = certificate(directory);
        broker = LocalBroker.startSecured(
                directory.resolve("broker"),
                Map.ofEntries(
                        entry("log.retention.ms", "-1"),
                        entry("group.min.session.timeout.ms", "1000"),
                        entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200"),
                        entry("ssl.keystore.location", keystore.toString()),
                        entry("ssl.keystore.type", "PKCS12"),
                        entry("ssl.keystore.password", STORE_PASSWORD),
                        entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                        entry(
                                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                        entry("authorizer.class.name", WatchedAuthorizer.class.getName()),
                        entry("super.users", "User:ANONYMOUS")));
        registry = LocalRegistry.start(0, null);
        https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls(keystore)));
        https.setExecutor(threads);
        https.createContext("/", this::forward);
        https.start();
    }

    public static SecuredCluster start(Path directory) throws Exception {
        return new SecuredCluster(directory);
    }

    /** An admin client on the listener that needs no login, with all rights. */
    public Admin superUser() {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    /** Where clients log in. */
    public String bootstrapServers() {
        return broker.securedBootstrapServers();
    }

    /** The port that speaks no TLS. */
    public String plainBootstrapServers() {
        return broker.bootstrapServers();
    }

    public String registryAddress() {
        return "127.0.0.1:" + https.getAddress().getPort();
    }

    /** The server's certificate, for clients to trust. */
    public Path truststore() {
        return directory.resolve("truststore.p12");
    }

    public void addUsers(Map<String, String> passwords) throws Exception {
        try (Admin admin = superUser()) {
            List<UserScramCredentialAlteration> users = passwords.entrySet().stream()
                    .<UserScramCredentialAlteration>map(user -> new UserScramCredentialUpsertion(
                            user.getKey(),
                            new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                            user.getValue()))
                    .toList();
            admin.alterUserScramCredentials(users).all().get();
        }
    }

    /** Makes a certificate of this machine: keystore.p12, which it returns, and truststore.p12 beside it. */
    public static Path certificate(Path directory) throws Exception {
        Path keystore = directory.resolve("keystore.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("keytool.log")));
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", load(keystore).getCertificate("server"));
        try (OutputStream out =
                new FileOutputStream(directory.resolve("truststore.p12").toFile())) {
            trusted.store(out, STORE_PASSWORD.toCharArray());
        }
        return keystore;
    }

    private static KeyStore load(Path keystore) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        return keys;
    }

    /** Trusts the certificate that {@link #certificate} made in a directory. */
    public static SSLContext trusting(Path directory) throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(directory.resolve("truststore.p12")));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static SSLContext tls(Path keystore) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(keystore), STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            boolean reader = basic(REGISTRY_READER, READER_PASSWORD).equals(login);
            if (!reader && !basic(REGISTRY_USER, REGISTRY_PASSWORD).equals(login)) {
                refuse(exchange, 401, "Unauthorized");
                return;
            }
            if (reader && !exchange.getRequestMethod().equals("GET")) {
                refuse(exchange, 403, "Forbidden");
                return;
            }
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(registry.url() + exchange.getRequestURI()))
                            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            answer(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
        String body = "{\"error_code\":" + status + ",\"message\":\"" + message + "\"}";
        answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        https.stop(0);
        threads.shutdownNow();
        registry.close();
        broker.close();
    }
}
