package io.millrace.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The listening sockets of the broker, bound before the broker starts. A port that is only looked up and bound later
 * may be taken in between; a bound port cannot.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
    private static final int BACKLOG = 128;

    private final Map<String, ServerSocketChannel> byListener = new HashMap<>();

    /** Binds the preferred port if it is free, otherwise any free one. */
    void bindPreferably(String listener, int preferred) {
        try {
            bind(listener, preferred);
        } catch (PortTakenException e) {
            bind(listener, 0);
        }
    }

    /** Binds a port on the loopback interface; 0 binds any free one. */
    void bind(String listener, int port) {
        InetSocketAddress wanted = new InetSocketAddress(loopback(), port);
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            byListener.put(listener, channel);
            channel.configureBlocking(false);
            channel.bind(wanted, BACKLOG);
        } catch (BindException e) {
            close(byListener.remove(listener));
            throw new PortTakenException(port, e);
        } catch (IOException e) {
            throw new UncheckedIOException("no socket for the " + listener + " listener on " + wanted, e);
        }
    }

    int port(String listener) {
        return byListener.get(listener).socket().getLocalPort();
    }

    boolean has(String listener) {
        return byListener.containsKey(listener);
    }

    /** As {@code 127.0.0.1:port}. */
    String address(String listener) {
        return "127.0.0.1:" + port(listener);
    }

    @Override
    public ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int bufferBytes) throws IOException {
        ServerSocketChannel channel = byListener.get(listener);
        return channel != null
                ? channel
                : ServerSocketFactory.INSTANCE.openServerSocket(listener, address, backlog, bufferBytes);
    }

    /** Closes the sockets that the broker did not close itself. */
    @Override
    public void close() {
        byListener.values().forEach(BoundSockets::close);
    }

    private static void close(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a listening socket did not close", e);
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen: the address has four bytes
        }
    }
}
