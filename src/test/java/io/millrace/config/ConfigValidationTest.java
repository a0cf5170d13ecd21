package io.millrace.config;

import static io.millrace.config.Configs.config;
import static io.millrace.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Values that are fine alone and wrong together. */
class ConfigValidationTest {
    private static final String WIDE = "a: numbers(30000), b: numbers(30000), c: numbers(30000)";

    @Test
    void shouldRefuseConnectionsOfLayersThatAreNot() {
        refused("connects layer 3 in 3<-1, but there is 1 hidden layer", "model.residual", "3<-1");
        refused(
                "names one layer twice, in 2<-1 and output<-input: join them",
                "model.concatenate",
                "2<-1,output<-input");
        refused("gives a layer the weights of [1, input]: name one", "model.share", "2<-1&input");
        refused("exclude each other", "model.share", "2<-1", "batch.norm", "true", "batch.size", "8");
        accepted("model.hidden", "8", "model.concatenate", "output<-1&input", "model.residual", "1<-input");
    }

    @Test
    void shouldRefuseClassesOfARegression() {
        refused("model.classes is set", "model.task", "regression");
    }

    @Test
    void shouldRefuseALossOfAnotherTask() {
        refused("model.loss=half_mse does not fit", "model.loss", "half_mse");
        refused(
                "model.loss=softmax_cross_entropy does not fit",
                "model.task",
                "multilabel",
                "model.loss",
                "softmax_cross_entropy");
        refused(
                "model.loss=sigmoid_cross_entropy does not fit",
                "model.task",
                "regression",
                "model.classes",
                null,
                "model.loss",
                "sigmoid_cross_entropy");
    }

    @Test
    void shouldRefuseTooFewClasses() {
        refused("it names 0", "model.classes", null);
        refused("it names 1", "model.classes", "yes");
        refused("model.classes is empty", "model.task", "multilabel", "model.classes", "");
        accepted("model.task", "multilabel", "model.classes", "red");
    }

    @Test
    void shouldTakeOneSigmoidForTwoClassesOnly() {
        accepted("model.loss", "sigmoid_cross_entropy");
        refused("names 3", "model.loss", "sigmoid_cross_entropy", "model.classes", "a,b,c");
    }

    @Test
    void shouldRefuseTargetsOfAClassification() {
        refused("model.targets is for regression", "model.targets", "2");
        accepted("model.task", "regression", "model.classes", null, "model.targets", "2");
    }

    @Test
    void shouldRefuseOptionsOfAnotherOptimizer() {
        refused("optimizer.adam.beta1 is set", "optimizer.adam.beta1", "0.8");
        refused("optimizer.adam.beta1 is set", "optimizer", "sgd", "optimizer.adam.beta1", "0.8");
        accepted("optimizer", "adam", "optimizer.adam.beta1", "0.8");
    }

    @Test
    void shouldRefuseALeastGainWithoutEarlyStopping() {
        refused("early.stopping.min.gain is set, but early.stopping.patience is 0", "early.stopping.min.gain", "0.01");
        refused("early.stopping.min.gain is set", "early.stopping.min.gain", "0.01", "early.stopping.patience", "0");
        accepted("early.stopping.min.gain", "0.01", "early.stopping.patience", "3");
        accepted("early.stopping.patience", "3");
    }

    @Test
    void shouldRefuseToHoldOutEverything() {
        refused("validation.holdout.fraction", "validation.holdout.fraction", "1");
        refused("validation.holdout.fraction", "validation.holdout.fraction", "-0.1");
        refused("early.stopping.patience", "early.stopping.patience", "-1");
        refused("early.stopping.min.gain", "early.stopping.patience", "1", "early.stopping.min.gain", "-1");
        accepted("validation.holdout.fraction", "0.99");
    }

    @Test
    void shouldRefuseANetworkThatNoArrayHolds() {
        refused("parameters", "model.hidden", "9999999,9999999");
        refused("no more than 30000", "model.inputs", "2147483647");
        refused("parameters", "model.layers", String.join(",", Collections.nCopies(1000, "dense(99999999)")));
        accepted("model.inputs", "784", "model.hidden", "4096,4096");
    }

    /** Producers refuse a larger record, and each commit would fail. */
    @Test
    void shouldRefuseStatisticsThatNoRecordHolds() {
        String[] wide = {"model.inputs", null, "features", WIDE, "label", "y", "model.hidden", "2"};
        String[] regression = {"model.task", "regression", "model.classes", null};
        refused("A snapshot of 90000 features and 2 outputs begins with a record of more than 1964", wide);
        refused("A snapshot of 90000 features and 1 outputs begins", with(regression, wide));
        accepted(with(wide, "standardize.features", "false"));
        accepted(with(wide, "producer.max.request.size", "3000000"));
        String[] targets = with(regression, "model.targets", "60000", "model.hidden", "4");
        refused("A snapshot of 8 features and 60000 outputs begins", targets);
        accepted(with(targets, "standardize.targets", "false"));
        refused("max.request.size is 100.", "max.request.size", "100", "model.hidden", "");
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void shouldRefuseAMiniBatchThatNoArrayHolds() {
        refused("A mini-batch of 65536", "batch.size", "65536", "model.inputs", "2000");
        refused("A mini-batch of 65536", "batch.size", "65536", "model.hidden", "40000");
        String[] steps = {"model.inputs", null, "model.input.shape", "40x1", "model.layers", "rnn(1000)", "batch.size"};
        refused("A mini-batch of 65536 examples would hold 2642411520 numbers in the steps", with(steps, "65536"));
        accepted(with(steps, "50000"));
        accepted("batch.size", "65536");
    }

    @Test
    void shouldRefuseOneTopicForTwoPurposes() {
        refused("Two topics have the same name", "topics.features", "examples");
    }

    @Test
    void shouldRefuseNamesThatNoTopicCanHave() {
        assertThat(problems("topics.prefix", "a/")).hasSize(7).allMatch(problem -> problem.contains("is not possible"));
        refused("is not possible", "topics.examples", "x".repeat(250));
    }

    @Test
    void shouldRefuseToTrainLessThanExactlyOnce() {
        refused("training is exactly_once_v2 always", "processing.guarantee", "at_least_once");
        refused("training is exactly_once_v2 always", "train.processing.guarantee", "at_least_once");
        accepted("serve.processing.guarantee", "at_least_once");
    }

    @Test
    void shouldRefuseTransactionsThatTimeOutBeforeTheyCommit() {
        accepted("commit.interval.ms", "60000"); // the default of the timeout follows
        refused("is shorter than commit.interval.ms=500", "producer.transaction.timeout.ms", "499");
        refused("is shorter than commit.interval.ms=500", "transaction.timeout.ms", "499");
        refused("is shorter", "train.commit.interval.ms", "60000", "train.transaction.timeout.ms", "59999");
        refused("timeout.ms=2147483647 is shorter than", "commit.interval.ms", "2147483648");
        refused("timeout.ms=2147483647 is shorter than", "commit.interval.ms", "9223372036854775807");
        accepted("commit.interval.ms", "60000", "transaction.timeout.ms", "60000");
        accepted("serve.commit.interval.ms", "60000");
    }

    private static void refused(String part, String... changes) {
        assertThat(problems(changes)).singleElement().asString().contains(part);
    }

    private static void accepted(String... changes) {
        assertThatCode(() -> config(changes)).doesNotThrowAnyException();
    }

    @org.junit.jupiter.params.ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"processing.exception.handler", "train.production.exception.handler"})
    void shouldRefuseHandlersThatWouldCommitWhatTheySkipped(String key) {
        String handler = "org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler";
        String value = key.contains("production")
                ? "org.apache.kafka.streams.errors.DefaultProductionExceptionHandler"
                : handler;
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Configs.config(key, value))
                .hasMessageContaining("is not possible for training");
        Configs.config("serve.processing.exception.handler", handler);
    }
}
