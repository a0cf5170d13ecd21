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
 * The listening sockets of the broker, opened before it starts. A free port that is chosen and then bound later may be taken in
 * between; one that is bound stays ours.
 */
final class BoundSockets implements ServerSocketFactory, AutoCloseable {
    private static final int BACKLOG = 128;

    private final Map<String, ServerSocketChannel> byListener = new HashMap<>();

    /** Binds the preferred port if it is free, else any free one. */
    void bindPreferably(String listener, int preferred) {
        try {
            bind(listener, preferred);
        } catch (PortTakenException e) {
            bind(listener, 0);
        }
    }

    /** Binds a port of the loopback interface, any free one if it is 0. */
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

    /** Closes what the broker did not come to close itself. */
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
            throw new UncheckedIOException(e); // cannot be: four bytes are an address
        }
    }
}
