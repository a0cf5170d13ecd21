package io.millrace.nn.algorithm;

import java.util.Map;

/** The hyper-parameters of one algorithm, some of them given as text by name. */
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
     * @return what was given, else the default
     * @throws IllegalArgumentException if the text is no value of its type, or nothing was given and there is no default
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
