package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The optimizers that can be chosen by name. A new one needs one line here. */
public final class Optimizers {
    /** All of them. */
    public static final Family<Optimizer> FAMILY = new Family<>(
            "optimizer",
            List.of(
                    Sgd.ALGORITHM,
                    Momentum.ALGORITHM,
                    Nesterov.ALGORITHM,
                    NesterovTorch.ALGORITHM,
                    AdaGrad.ALGORITHM,
                    RmsProp.ALGORITHM,
                    Adam.ALGORITHM,
                    AdamW.ALGORITHM));

    private Optimizers() {}
}
