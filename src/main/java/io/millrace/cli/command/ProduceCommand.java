package io.millrace.cli.command;

import io.millrace.avro.Example;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.Progress;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.console.Warnings;
import io.millrace.cli.csv.CsvOptions;
import io.millrace.cli.csv.CsvTable;
import io.millrace.cli.csv.LabelCheck;
import io.millrace.cli.csv.LabelledRow;
import io.millrace.cli.csv.Labelling;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends the rows of a CSV file as examples. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        description =
                "Sends the rows of a CSV file as examples, one by one to the partitions in turn. A row that is not a"
                        + " usable example is sent, too; the learner refuses it and keeps it in the dead letters with the cause.")
public final class ProduceCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private CsvOptions csv;

    @Option(names = "--rate", paramLabel = "R", description = "Maximum number of rows a second. Default: no limit.")
    private Double rate;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (csv.file == null) {
            throw new UsageException("--csv FILE is missing: it names the rows to send.");
        }
        MillraceConfig config = configuration.loadForExamples();
        try (CsvTable table = CsvTable.labelled(csv.file, csv.label);
                AvroSerdes serdes = new AvroSerdes(config.registry())) {
            Labelling labelling = Labelling.of(config.learner(), table.labels());
            int inputs = config.learner().architecture().inputs();
            if (table.features() != inputs) {
                throw new UsageException(csv.file + " has " + table.features()
                        + " columns of features, but model.inputs is " + inputs + ".");
            }
            Warnings.print(spec, table.warnings());
            new ClusterCheck(config, List.of(config.topics().examples())).require(serdes);
            send(config, serdes, table, labelling);
        }
        return ExitCode.OK;
    }

    private void send(MillraceConfig config, AvroSerdes serdes, CsvTable table, Labelling labelling) {
        LearnerSpec learner = config.learner();
        LabelCheck check = new LabelCheck(learner.task().id(), table.labels(), Set.copyOf(learner.classes()));
        RateLimiter limiter = new RateLimiter(rate);
        AtomicLong delivered = new AtomicLong();
        AtomicReference<Exception> failure = new AtomicReference<>();
        long sent = 0;
        long damaged = 0;
        String firstDamage = "";
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                        Clients.producer(config),
                        new ByteArraySerializer(),
                        serdes.valueSerde(Example.class).serializer());
                Progress progress = new Progress("produce", -1)) {
            int partitions = producer.partitionsFor(config.topics().examples()).size();
            Iterator<LabelledRow> rows = table.limited(csv.limit());
            while (failure.get() == null && rows.hasNext()) {
                LabelledRow row = rows.next();
                limiter.await();
                // round robin: the default partitioner would feed one replica at a time, depending on timing
                int partition = (int) (sent % partitions);
                ProducerRecord<byte[], Example> record = new ProducerRecord<>(
                        config.topics().examples(), partition, null, null, row.example(labelling), row.headers());
                producer.send(record, (metadata, fault) -> {
                    if (fault == null) {
                        delivered.incrementAndGet();
                    } else {
                        failure.compareAndSet(null, fault);
                    }
                });
                sent++;
                String fault = row.fault() != null ? row.fault() : check.fault(row.labels());
                if (fault != null && damaged++ == 0) {
                    firstDamage = "line " + row.line() + ": " + fault;
                }
                progress.to(sent, "rows");
            }
        } catch (UsageException e) { // error in the file; the rows before it are already delivered
            if (sent == 0) {
                throw e;
            }
            failure.compareAndSet(null, e);
        }
        if (failure.get() != null) {
            throw new FailedException(
                    delivered + " of " + sent + " rows were delivered, then: "
                            + failure.get().getMessage(),
                    failure.get());
        }
        String report = "Sent " + sent + " examples to " + config.topics().examples() + "."
                + (damaged == 0
                        ? ""
                        : " " + damaged + " of them are damaged and go to the dead letters; the first: " + firstDamage
                                + ".");
        if (damaged > 0 && damaged == sent) {
            throw new FailedException(report + " Nothing can be learned from this file.");
        }
        spec.commandLine().getOut().println(report);
    }
}
