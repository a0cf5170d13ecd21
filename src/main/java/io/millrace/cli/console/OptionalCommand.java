package io.millrace.cli.console;

import java.util.concurrent.Callable;

/** A command whose jar need not be there: {@link java.util.ServiceLoader} finds it. */
public interface OptionalCommand extends Callable<Integer> {}
