package io.millrace.nn.kernels;

/**
 * Adds the Vector API to the running JVM. Java warns of an incubator module at each start with {@code --add-modules}, and has no option
 * against it. It does not warn when a module is added later, as the JVM itself adds {@code java.instrument} for an agent. The method that
 * does so is internal: it needs {@code --add-exports java.base/jdk.internal.module=ALL-UNNAMED}.
 */
final class VectorModule {
    static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** @return whether the module is there, added at the start or now */
    static boolean load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
            return true;
        } catch (ReflectiveOperationException e) { // not exported, or not in this Java
            return false;
        }
    }
}
