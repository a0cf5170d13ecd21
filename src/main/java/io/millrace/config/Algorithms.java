package io.millrace.config;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.Activations;
import io.millrace.nn.algorithm.Family;
import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.Initializers;
import io.millrace.nn.layer.BatchNorm;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.loss.Losses;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.optimizer.Optimizers;
import io.millrace.nn.penalty.Penalties;
import io.millrace.nn.penalty.Penalty;
import io.millrace.nn.schedule.Schedule;
import io.millrace.nn.schedule.Schedules;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;

/** All algorithms that describe their own hyper-parameters. The settings are generated from these descriptions. */
record Algorithms(
        AlgorithmChoice<Activation> activation,
        AlgorithmChoice<Loss> loss,
        AlgorithmChoice<Initializer> initializer,
        AlgorithmChoice<Optimizer> optimizer,
        AlgorithmChoice<Schedule> schedule,
        List<AlgorithmKeys<Penalty>> penalties,
        AlgorithmKeys<BatchNorm> batchNorm) {

    static final Algorithms ALL = with(Optimizers.FAMILY);

    /** All algorithms, with these optimizers to choose from. */
    static Algorithms with(Family<Optimizer> optimizers) {
        return new Algorithms(
                AlgorithmChoice.withShortKeys(ModelSettings.MODEL_ACTIVATION, Activations.FAMILY, ShapeSettings::words),
                new AlgorithmChoice<>(ModelSettings.MODEL_LOSS, Losses.FAMILY),
                new AlgorithmChoice<>(ModelSettings.MODEL_INITIALIZER, Initializers.FAMILY),
                new AlgorithmChoice<>(TrainingSettings.OPTIMIZER, optimizers),
                new AlgorithmChoice<>(TrainingSettings.SCHEDULE, Schedules.FAMILY),
                Penalties.FAMILY.algorithms().stream()
                        .map(penalty -> new AlgorithmKeys<>(TrainingSettings.REGULARIZATION, penalty))
                        .toList(),
                new AlgorithmKeys<>(ModelSettings.BATCH_NORM_OPTIONS, BatchNorm.ALGORITHM));
    }

    private Stream<AlgorithmChoice<?>> choices() {
        return Stream.of(activation, loss, initializer, optimizer, schedule);
    }

    /** The settings of algorithms that are not chosen. */
    List<String> idle(AbstractConfig values) {
        return choices().flatMap(choice -> choice.idle(values).stream()).toList();
    }

    /** @return one sentence for each option that is set but has no effect */
    List<String> problems(AbstractConfig values) {
        return choices().flatMap(choice -> choice.problems(values).stream()).toList();
    }
}
