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
import io.millrace.cli.topic.OwnRecord;
import io.millrace.cli.topic.OwnRecords;
import io.millrace.cli.topic.RecordEncoders;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sends the rows of a CSV file, or records of a user's own, as examples. */
@Command(
        name = "produce",
        mixinStandardHelpOptions = true,
        description =
                "Sends the rows of a CSV file, or records in JSON if features are declared, as examples, one by one to the partitions in turn. A row that is not a"
                        + " usable example is sent, too; the learner refuses it and keeps it in the dead letters with the cause.")
public final class ProduceCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private CsvOptions csv;

    @Mixin
    private RecordOptions own;

    @Option(names = "--rate", paramLabel = "R", description = "Maximum number of rows a second. Default: no limit.")
    private Double rate;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        MillraceConfig config = configuration.load();
        if (own.given(config, csv.file)) {
            return sendRecords(config);
        }
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

    private Integer sendRecords(MillraceConfig config) {
        if (csv.label != null) {
            throw new UsageException("--label applies to --csv: the configuration names the label of your records.");
        }
        String topic = config.topics().examples();
        RateLimiter limiter = new RateLimiter(rate);
        Delivery delivery = new Delivery();
        long lines = 0;
        long damaged = 0;
        String firstDamage = "";
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config, List.of(topic)).require(serdes);
            try (OwnRecords records = own.open(RecordEncoders.ofExamples(config, serdes));
                    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                            Clients.producer(config), new ByteArraySerializer(), new ByteArraySerializer());
                    Progress progress = new Progress("produce", own.count(csv.limit()))) {
                int partitions = producer.partitionsFor(topic).size();
                while (!delivery.failed() && lines < csv.limit() && records.hasNext()) {
                    OwnRecord record = records.next();
                    limiter.await();
                    if (record.fault() == null) {
                        producer.send(record.to(topic, (int) (lines % partitions)), delivery);
                    } else if (damaged++ == 0) {
                        firstDamage = record.fault();
                    }
                    progress.to(++lines, "records");
                }
            } catch (IOException e) {
                throw new UsageException("The records cannot be read: " + e.getMessage() + ".", e);
            }
        }
        delivery.require(lines - damaged, "records");
        String report = "Sent " + (lines - damaged) + " examples to " + topic + "."
                + (damaged == 0 ? "" : " " + damaged + " lines are not sent; the first: " + firstDamage + ".");
        if (damaged > 0 && damaged == lines) {
            throw new FailedException(report);
        }
        spec.commandLine().getOut().println(report);
        return ExitCode.OK;
    }

    private void send(MillraceConfig config, AvroSerdes serdes, CsvTable table, Labelling labelling) {
        LearnerSpec learner = config.learner();
        LabelCheck check = new LabelCheck(learner.task().id(), table.labels(), Set.copyOf(learner.classes()));
        RateLimiter limiter = new RateLimiter(rate);
        Delivery delivery = new Delivery();
        long sent = 0;
        long damaged = 0;
        String firstDamage = "";
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                        Clients.producer(config),
                        new ByteArraySerializer(),
                        serdes.valueSerde(Example.class).serializer());
                Progress progress = new Progress("produce", CsvTable.rows(csv.file, csv.limit()))) {
            int partitions = producer.partitionsFor(config.topics().examples()).size();
            Iterator<LabelledRow> rows = table.limited(csv.limit());
            while (!delivery.failed() && rows.hasNext()) {
                LabelledRow row = rows.next();
                limiter.await();
                // round robin: the default partitioner would feed one replica at a time, depending on timing
                int partition = (int) (sent % partitions);
                ProducerRecord<byte[], Example> record = new ProducerRecord<>(
                        config.topics().examples(), partition, null, null, row.example(labelling), row.headers());
                producer.send(record, delivery);
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
            delivery.fail(e);
        }
        delivery.require(sent, "rows");
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
