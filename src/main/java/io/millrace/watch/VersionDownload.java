package io.millrace.watch;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.millrace.http.HttpPart;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.snapshot.SnapshotFile;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;

/** Offers each version as the file that {@code millrace snapshot --save} writes. */
final class VersionDownload implements HttpPart {
    private static final String PATH = "/api/versions/{partition}/{version}";
    private static final Pattern PARTITION = Pattern.compile("[0-9]{1,9}");
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,18}");
    private static final int MOST = 2; // each holds a version in memory

    /** Where versions come from. */
    interface Source {
        /**
         * Reads a version.
         *
         * @return null if the topic does not have it
         */
        StoredSnapshot version(int partition, long version);
    }

    private final String model;
    private final Source source;
    private final Semaphore free = new Semaphore(MOST);

    /** @param model its name */
    VersionDownload(String model, Source source) {
        this.model = model;
        this.source = source;
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.routes.get(PATH, this::answer);
        config.routes.head(PATH, this::answer);
    }

    private void answer(Context http) throws IOException {
        String partition = http.pathParam("partition");
        String version = http.pathParam("version");
        if (!PARTITION.matcher(partition).matches() || !VERSION.matcher(version).matches()) {
            throw new NotFoundResponse("The address of a version is api/versions/PARTITION/VERSION, with two numbers.");
        }
        if (!free.tryAcquire()) {
            throw new ServiceUnavailableResponse(MOST + " versions are being read: try again when they are done.");
        }
        try {
            StoredSnapshot found = find(Integer.parseInt(partition), Long.parseLong(version));
            http.contentType("avro/binary")
                    .header("Cache-Control", "no-store")
                    .header(
                            "Content-Disposition",
                            "attachment; filename=\"" + model.replaceAll("[^A-Za-z0-9._-]", "_") + "-" + partition + "-"
                                    + version + ".avro\"");
            if (http.method() != HandlerType.HEAD) {
                SnapshotFile.write(found, http.outputStream());
            }
        } finally {
            free.release();
        }
    }

    private StoredSnapshot find(int partition, long version) {
        String name = "Version " + version + " of partition " + partition;
        try {
            StoredSnapshot found = source.version(partition, version);
            if (found == null) {
                throw new NotFoundResponse(
                        name + " is not in the topic, or no longer: training keeps" + " snapshot.history versions.");
            }
            found.model(); // verifies the checksums
            return found;
        } catch (RecordsDeletedException e) {
            throw new NotFoundResponse(name + " was deleted while it was read.");
        } catch (RegistryUnavailableException e) {
            throw new ServiceUnavailableResponse("The schema registry cannot be reached.");
        } catch (KafkaException e) {
            throw new ServiceUnavailableResponse(
                    AuthErrors.sentence(e).orElse("The topics cannot be read (" + AuthErrors.root(e) + ")."));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new NotFoundResponse(name + " cannot be used: " + e.getMessage() + ".");
        }
    }
}
