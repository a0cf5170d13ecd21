package io.millrace.comparison;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Millrace against Deeplearning4j and PyTorch, in turns on one machine: in each round and for each network a child process measures
 * the peak, and then one for each competitor times all its cells. Prints the medians over the rounds in Markdown.
 */
@Command(
        name = "comparison",
        description = "Times training steps and predictions of Millrace, Deeplearning4j and PyTorch.",
        showDefaultValues = true)
public final class Comparison implements Callable<Integer> {
    @Option(
            names = "--nets",
            split = ",(?![^(]*\\))", // not within parentheses
            description = "Networks: inputs, hidden layers and outputs, as in 784-128-10 or 32x8-lstm(32)-10.",
            paramLabel = "LAYERS")
    private List<NetworkShape> nets = Stream.of("8-32-2", "54-128-64-7", "784-128-10", "784-512-512-10")
            .map(NetworkShape::parse)
            .toList();

    @Option(names = "--batches", split = ",", description = "Rows of a mini-batch.", paramLabel = "ROWS")
    private List<Integer> batches = List.of(1, 8, 32, 64, 256, 1024);

    @Option(
            names = "--threads",
            description =
                    "Threads that each library may compute with. Of one, the CPU time is measured, else the time of the clock.")
    private int threads = 1;

    @Option(names = "--rounds", description = "Children of each competitor for each network.")
    private int rounds = 3;

    @Option(names = "--blocks", description = "Blocks of 15 ms whose median a child reports for a cell.")
    private int blocks = 15;

    @Option(names = "--warm-up-ms", description = "Warm-up of a cell; a child's first takes three times that.")
    private int warmUpMs = 700;

    @Option(
            names = "--jdk",
            description = "JDKs for Millrace, 17 and 25; the one that runs this need not be given.",
            paramLabel = "RELEASE=HOME")
    private Map<Integer, Path> jdks = new LinkedHashMap<>();

    @Option(names = "--python", description = "A Python that has PyTorch.")
    private Path python = Path.of("python3");

    @Option(names = "--help", usageHelp = true, description = "Show this text.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Measurements measurements = new Measurements();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Comparison())
                .registerConverter(NetworkShape.class, NetworkShape::parse)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1 || rounds < 1 || blocks < 1 || batches.stream().anyMatch(rows -> rows < 1)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--threads, --rounds, --blocks and --batches: give numbers of at least 1");
        }
        jdks.putIfAbsent(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
        Competitors field = new Competitors(jdks, python);
        List<Competitor> competitors = field.all();
        for (Competitor competitor : competitors) {
            if (competitor.command().isEmpty()) {
                measurements.absent(competitor, competitor.missing());
            }
        }
        for (int round = 1; round <= rounds; round++) {
            for (NetworkShape net : nets) {
                System.err.println("round " + round + " of " + rounds + ", " + net);
                measurements.addPeak(Double.parseDouble(
                        Child.lines("peak", field.peak(), 1, Map.of()).get(0)[1]));
                for (Competitor competitor : competitors) {
                    measure(competitor, net);
                }
            }
        }
        print(competitors);
        return 0;
    }

    private void measure(Competitor competitor, NetworkShape net) throws InterruptedException {
        if (measurements.absences().containsKey(competitor) || net.shaped() && !competitor.shapes()) {
            return;
        }
        String works = cells(net).map(Cell::work).collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(competitor.command());
        command.addAll(List.of(net.toString(), works, String.valueOf(warmUpMs), String.valueOf(blocks)));
        try {
            for (String[] columns : Child.lines("cell", command, threads, competitor.environment())) {
                measurements.add(competitor, Cell.parse(net, columns[1]), Double.parseDouble(columns[2]));
            }
        } catch (IOException e) {
            System.err.println(competitor.name() + " takes no part: " + e.getMessage());
            measurements.absent(competitor, e.getMessage());
        }
    }

    private Stream<Cell> cells(NetworkShape net) {
        return Stream.concat(Stream.of(Cell.PREDICTION), batches.stream()).map(rows -> new Cell(net, rows));
    }

    private void print(List<Competitor> competitors) {
        MarkdownTable table = new MarkdownTable(measurements, competitors);
        List<Cell> cells = nets.stream().flatMap(this::cells).toList();
        System.out.printf("Peak of one thread: %.0f GFLOP/s%n", measurements.peak());
        System.out.printf("%nTraining step, µs%n%n");
        System.out.print(table.of(
                cells.stream().filter(cell -> cell.rows() != Cell.PREDICTION).toList()));
        System.out.printf("%nPrediction of one row, µs%n%n");
        System.out.print(table.of(
                cells.stream().filter(cell -> cell.rows() == Cell.PREDICTION).toList()));
        System.out.printf("%n%s", table.absences());
    }
}
