package io.millrace.nn.kernels;

import java.util.Arrays;

/**
 * Uses each kernel of plain Java until its vector twin is compiled, and then the vector twin. Both give the same bits. This is for the start
 * of a process: an interpreted vector is an object on the heap, so for a second or more the vector kernels would take fifty times as long as
 * plain Java.
 */
final class WarmingKernels extends ForwardingKernels {
    private final WarmUp warmUp;
    private final Kernels vector;
    private final Kernels[] now = new Kernels[Kernel.values().length]; // by kernel

    /** @param vector makes the instance that computes here */
    WarmingKernels(Kernels vector, WarmUp warmUp) {
        this.vector = vector.newInstance();
        this.warmUp = warmUp;
        Arrays.fill(now, new ScalarKernels());
    }

    @Override
    Kernels of(Kernel kernel) {
        int i = kernel.ordinal();
        if (now[i] != vector && warmUp.isWarm(kernel)) {
            now[i] = vector;
        }
        return now[i];
    }

    @Override
    public Kernels newInstance() {
        return warmUp.isDone() ? vector.newInstance() : new WarmingKernels(vector, warmUp);
    }

    @Override
    public String name() {
        return vector.name();
    }

    @Override
    public int lanes() {
        return vector.lanes();
    }
}
