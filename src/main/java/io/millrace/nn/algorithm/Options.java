package io.millrace.nn.algorithm;

import java.util.Map;

/** The values of one algorithm's hyper-parameters. Some are given as text by name, the others have their defaults. */
public final class Options {
    private final String owner;
    private final Map<String, String> given;

    Options(String owner, Map<String, String> given) {
        this.owner = owner;
        this.given = given;
    }

    /**
     * The value of a hyper-parameter.
     *
     * @return the given value, or else the default
     * @throws IllegalArgumentException if the text is not a value of its type, or if there is neither a value nor a default
     */
    public <T> T get(Hyperparameter<T> option) {
        String text = given.get(option.name());
        if (text != null) {
            return option.parse(owner, text);
        }
        if (option.isRequired()) {
            throw new IllegalArgumentException(owner + " needs the option " + option.name());
        }
        return option.defaultValue();
    }
}
