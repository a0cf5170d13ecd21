package io.millrace.nn.kernels;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Chooses the kernels of this JVM, once: the Vector API's where module {@code jdk.incubator.vector} is present and a vector holds
 * at least four floats, plain Java's otherwise. The choice changes speed, never a result. {@code -Dmillrace.kernels=scalar} or
 * {@code =vector} forces it.
 */
public final class KernelsProvider {
    /** System property that forces the choice. */
    public static final String PROPERTY = "millrace.kernels";

    private static final int MIN_LANES = 4;

    // static final, so that C2 sees one implementation behind every call
    private static final Selection SELECTED = select(System.getProperty(PROPERTY), VectorModule::load);

    private static Kernels warming; // null without warm-up
    private static KernelTeam team; // null: each step is computed by one thread

    private KernelsProvider() {}

    /**
     * The kernels of this JVM. Take a {@link Kernels#newInstance()} for each thread.
     *
     * @throws IllegalStateException if {@code -Dmillrace.kernels} names kernels that this JVM does not support, or an unknown name
     */
    public static synchronized Kernels kernels() {
        Kernels kernels = warming != null ? warming : SELECTED.kernels();
        return team != null ? new SharedKernels(kernels, team) : kernels;
    }

    /**
     * Lets several threads compute a step where it is large enough, with the same bits. It applies to kernels that are asked for later, and
     * works once per process.
     *
     * @param threads that compute a step, the caller included
     */
    public static synchronized void share(int threads) {
        if (team == null && threads > 1) {
            team = new KernelTeam(threads - 1, warming != null ? warming : SELECTED.kernels());
        }
    }

    /**
     * Makes a process fast from its first example on: compiles the vector kernels in the background. Until that is done, {@link #kernels()}
     * are plain Java, with the same bits. Works once per process. Does nothing if plain Java was chosen or {@code -Dmillrace.kernels} forces
     * a choice.
     *
     * @param clockNs such as {@code System::nanoTime}; it decides which kernels compute, never the result
     */
    public static synchronized void warmUp(LongSupplier clockNs) {
        String forced = System.getProperty(PROPERTY);
        boolean free = forced == null || forced.isBlank();
        if (warming == null && free && !(SELECTED.kernels() instanceof ScalarKernels)) {
            Kernels vector = SELECTED.kernels();
            WarmUp warmUp = new WarmUp(vector.newInstance(), clockNs);
            warmUp.start();
            warming = new WarmingKernels(vector, warmUp);
        }
    }

    /** One sentence for a log: which kernels run, how wide, and what to do to get the fast ones. */
    public static String description() {
        SELECTED.kernels();
        return SELECTED.text;
    }

    static Selection select(String forced, BooleanSupplier module) {
        if (forced == null || forced.isBlank()) {
            Selection vector = vector(module);
            return vector.kernels != null
                    ? vector
                    : new Selection(
                            new ScalarKernels(),
                            "Kernels: plain Java (same results, several times slower), because " + vector.text + ".");
        }
        if (forced.equals("scalar")) {
            return new Selection(
                    new ScalarKernels(),
                    "Kernels: plain Java, as -D" + PROPERTY + "=scalar asks; remove it to let Millrace choose.");
        }
        if (forced.equals("vector")) {
            Selection vector = vector(module);
            return vector.kernels != null
                    ? vector
                    : new Selection(null, "-D" + PROPERTY + "=vector cannot be met: " + vector.text + ".");
        }
        return new Selection(null, "-D" + PROPERTY + "=" + forced + " is unknown: use scalar or vector, or remove it.");
    }

    /** The vector kernels and a sentence, or null and the reason. */
    private static Selection vector(BooleanSupplier module) {
        if (!module.getAsBoolean()) {
            return new Selection(
                    null,
                    "module " + VectorModule.NAME + " is not loaded; start java with --add-modules "
                            + VectorModule.NAME);
        }
        try {
            // by name: without the module this class does not even link
            Kernels kernels = (Kernels) Class.forName(KernelsProvider.class.getPackageName() + ".VectorKernels")
                    .getDeclaredConstructor()
                    .newInstance();
            if (kernels.lanes() < MIN_LANES) {
                return new Selection(
                        null,
                        "this processor's vectors hold " + kernels.lanes() + " floats, and " + MIN_LANES
                                + " are needed");
            }
            return new Selection(kernels, "Kernels: Vector API, " + kernels.lanes() + " floats a vector.");
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return new Selection(null, "the Vector API of this JVM does not work with Millrace (" + e + ")");
        }
    }

    record Selection(Kernels kernels, String text) {
        @Override
        public Kernels kernels() {
            if (kernels == null) {
                throw new IllegalStateException(text);
            }
            return kernels;
        }
    }
}
