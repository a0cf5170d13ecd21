package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What asks nobody to log in answers this machine alone. */
@Tag("cluster")
class LoopbackTest {
    private static final int TIMEOUT_MS = 1000;

    @TempDir
    private Path directory;

    @Test
    void shouldBeReachedFromThisMachineAlone() throws Exception {
        try (LocalRegistry registry = LocalRegistry.start(0, null);
                LocalBroker broker = LocalBroker.start(directory, 0, Map.of())) {
            int registryPort = URI.create(registry.url()).getPort();
            int brokerPort = Integer.parseInt(broker.bootstrapServers().split(":")[1]);

            assertThat(answers(InetAddress.getByName("127.0.0.1"), registryPort))
                    .isTrue();
            assertThat(answers(InetAddress.getByName("127.0.0.1"), brokerPort)).isTrue();
            assertThat(others())
                    .noneMatch(address -> answers(address, registryPort))
                    .noneMatch(address -> answers(address, brokerPort));
        }
    }

    /** The machine's other addresses; 127.0.0.2 is one that Linux answers to whenever a port is open on all addresses. */
    private static List<InetAddress> others() throws IOException {
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(others::add);
        return others;
    }

    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
