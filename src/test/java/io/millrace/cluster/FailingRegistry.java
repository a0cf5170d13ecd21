package io.millrace.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between an application and the schema registry, and fails where it is told to. One request a connection. */
final class FailingRegistry implements AutoCloseable {
    /** How a request fails. */
    enum Fault {
        /** Nothing listens at the port for a while, as when the registry restarts. */
        REFUSED,
        /** The connection is reset before an answer. */
        RESET,
        /** The registry, or what stands before it, says that it cannot just now. */
        UNAVAILABLE("503 Service Unavailable", "{\"error_code\":50301,\"message\":\"injected\"}"),
        /** A fault within the registry. */
        INTERNAL("500 Internal Server Error", "{\"error_code\":50001,\"message\":\"injected\"}"),
        /** The connection ends in the middle of the answer. */
        HANG_UP,
        /** An answer without its second half, that pretends to be whole. */
        TRUNCATED,
        /** JSON that says nothing. */
        EMPTY("200 OK", "{}"),
        /** The page of something that is no registry. */
        PAGE("200 OK", "<html><body>Back soon</body></html>"),
        /** No answer at all. */
        SILENCE;

        private final String status;
        private final String body;

        Fault() {
            this(null, null);
        }

        Fault(String status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final int OUTAGE_MS = 1500;

    private final URI registry;
    private final int port;
    private final Set<Socket> silent = new HashSet<>();
    private final Map<String, Integer> failures =
            new LinkedHashMap<>(); // by request, in the order in which they were made first
    private ServerSocket listening;
    private boolean closed;
    private BiFunction<Integer, Integer, Fault> plan = (nth, failures) -> null;
    private Predicate<String> always = request -> false;
    private Fault alwaysFault;
    private int failed;
    private String last = "no fault yet";

    private FailingRegistry(String registryUrl) throws IOException {
        registry = URI.create(registryUrl);
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = listening.getLocalPort();
        accept(listening);
    }

    static FailingRegistry before(String registryUrl) {
        try {
            return new FailingRegistry(registryUrl);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /**
     * Forgets all requests so far, and fails one of those to come.
     *
     * @param nth which of the different requests fails, from 1
     * @param times how often it does before it succeeds
     */
    synchronized void arm(Fault fault, int nth, int times) {
        arm((number, failures) -> number == nth && failures < asked(fault, times) ? fault : null);
    }

    /** Forgets all requests so far, and fails each of those to come, the first time that it is made. */
    synchronized void armEach(Supplier<Fault> faults) {
        Map<Integer, Fault> drawn = new HashMap<>();
        arm((number, failures) -> {
            Fault fault = drawn.computeIfAbsent(number, next -> faults.get());
            return failures < asked(fault, 1) ? fault : null;
        });
    }

    /**
     * From now on, fails all requests that fit.
     *
     * @param requests tells by method and path
     */
    synchronized void failAlways(Fault fault, Predicate<String> requests) {
        alwaysFault = fault;
        always = requests;
    }

    /** The JDK asks again by itself, once, when a connection ends before an answer. */
    private static int asked(Fault fault, int times) {
        return fault == Fault.RESET ? 2 * times : times;
    }

    private void arm(BiFunction<Integer, Integer, Fault> next) {
        plan = next;
        failures.clear();
        failed = 0;
        refuseIfNext();
    }

    /** The different requests since it was armed, in the order in which they were made first. */
    synchronized List<String> requests() {
        return List.copyOf(failures.keySet());
    }

    /** How many requests have failed since it was armed; those that were refused are not seen, and count as one. */
    synchronized int failed() {
        return failed;
    }

    private void refuseIfNext() {
        if (failed == 0 && plan.apply(failures.size() + 1, 0) == Fault.REFUSED) {
            failed++;
            last = "REFUSED at call " + (failures.size() + 1);
            quietly(listening);
            Thread away = new Thread(this::returnAfterOutage, "registry-away");
            away.setDaemon(true);
            away.start();
        }
    }

    private void returnAfterOutage() {
        try {
            Thread.sleep(OUTAGE_MS);
            synchronized (this) {
                if (!closed) {
                    listening = new ServerSocket();
                    listening.setReuseAddress(true);
                    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    accept(listening);
                }
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the registry's port could not be opened again", e);
        }
    }

    private void accept(ServerSocket server) {
        Thread accepting = new Thread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            answer(server.accept());
                        } catch (IOException e) {
                            // the client has gone, or the port is closed
                        }
                    }
                },
                "failing-registry");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void answer(Socket client) throws IOException {
        byte[] request = request(client.getInputStream());
        String head = new String(request, StandardCharsets.ISO_8859_1);
        Fault now = faultOf(head.substring(0, head.indexOf(" HTTP/")));
        if (now == Fault.SILENCE) {
            synchronized (this) {
                silent.add(client);
            }
            return;
        }
        try (client) {
            if (now == Fault.RESET) {
                client.setSoLinger(true, 0);
                return;
            }
            byte[] answer = now != null && now.status != null ? http(now.status, now.body) : forward(request);
            if (now == Fault.HANG_UP) {
                answer = Arrays.copyOf(answer, answer.length - 7); // into the content, and not its end alone
            } else if (now == Fault.TRUNCATED) {
                String whole = new String(answer, StandardCharsets.UTF_8);
                String body = whole.substring(whole.indexOf("\r\n\r\n") + 4);
                answer = http("200 OK", body.substring(0, body.length() / 2));
            }
            client.getOutputStream().write(answer);
        }
        synchronized (this) {
            refuseIfNext();
        }
    }

    private synchronized Fault faultOf(String request) {
        if (always.test(request)) {
            failed++;
            last = alwaysFault + " always";
            return alwaysFault;
        }
        failures.putIfAbsent(request, 0);
        int nth = List.copyOf(failures.keySet()).indexOf(request) + 1;
        Fault fault = plan.apply(nth, failures.get(request));
        if (fault == null || fault == Fault.REFUSED) {
            return null;
        }
        failed++;
        failures.merge(request, 1, Integer::sum);
        last = fault + " at call " + nth;
        return fault;
    }

    @Override
    public synchronized String toString() {
        return last + ", " + failed + " failures";
    }

    private static byte[] http(String status, String body) {
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] forward(byte[] request) throws IOException {
        try (Socket server = new Socket(registry.getHost(), registry.getPort())) {
            String keptAlive = new String(request, StandardCharsets.ISO_8859_1);
            server.getOutputStream()
                    .write(keptAlive
                            .replaceFirst("(?i)connection: keep-alive", "Connection: close")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return server.getInputStream().readAllBytes();
        }
    }

    /** A request; the length of its content is in its head. */
    private static byte[] request(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new SocketException("no request");
            }
            bytes.write(next);
            head = bytes.toString(StandardCharsets.ISO_8859_1);
        }
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            bytes.write(in.readNBytes(Integer.parseInt(length.group(1))));
        }
        return bytes.toByteArray();
    }

    private static void quietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        quietly(listening);
        silent.forEach(FailingRegistry::quietly);
    }
}
