package io.millrace.nn.kernels;

/** The operations of {@link Kernels}. The compiler is ready with each at a time of its own. */
enum Kernel {
    GEMM,
    OUTER,
    ADAM_OUTER,
    RMS_PROP,
    RMS_PROP_OUTER,
    RMS_PROP_ROWS,
    ADD_ROWS,
    ADD_TO_ROWS,
    RECTIFIER_GRADIENT,
    LARGEST_MAGNITUDE,
    SIGMOID,
    TANH,
    EXP_OF_MAGNITUDE,
    LOG,
    ADD_FLOATS,
    ADD_DOUBLES,
    STANDARDIZE
}
