package io.millrace.cli.topic;

import io.millrace.cli.inference.FieldKind;
import io.millrace.cli.inference.FieldSample;
import io.millrace.cli.topic.TopicSurvey.Surveyed;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A configuration that learns a topic, as a file with its reasons. */
public final class FoundConfiguration {
    private static final int WIDEST_DECLARATION = 44;
    private static final int MOST_SHOWN = 40;
    private static final List<String> OTHER_TOPICS =
            List.of("features", "predictions", "validation.losses", "model.snapshots", "dead.letters", "learning.log");

    /** What the label and the features decide, and no file that names the cluster. */
    private static final List<String> OF_LABEL =
            List.of("model.task", "model.classes", "model.targets", "model.inputs");

    private final TopicSurvey survey;
    private final FoundLabel label;
    private final Map<String, String> cluster;
    private final Map<String, String> topics = new LinkedHashMap<>();
    private final List<String> declarations;
    private final List<String> remarks;

    /**
     * Decides on the model of a topic.
     *
     * @param cluster settings of the cluster, which the file repeats
     * @throws io.millrace.cli.console.UsageException if no label is named, with the fields that could be it
     * @throws io.millrace.cli.console.FailedException if nothing can be learned
     * @throws io.millrace.config.InvalidConfigException if the settings of the cluster do not go with the others
     */
    public FoundConfiguration(TopicSurvey survey, Map<String, String> cluster, AvroSerdes serdes) {
        this.survey = survey;
        label = survey.label();
        String topic = survey.topic();
        topics.put("application.id", "millrace-" + topic);
        topics.put("topics.prefix", "");
        topics.put("topics.examples", topic);
        OTHER_TOPICS.forEach(name -> topics.put("topics." + name, "millrace." + topic + "." + name.replace('.', '-')));
        declarations = survey.features().stream().map(Surveyed::declaration).toList();
        this.cluster = new LinkedHashMap<>(cluster);
        this.cluster.keySet().removeAll(decided().keySet());
        this.cluster.keySet().removeAll(OF_LABEL);
        remarks = new ArrayList<>(survey.remarks());
        if (label.undecided().isEmpty()) {
            Map<String, String> all = new LinkedHashMap<>(this.cluster);
            all.putAll(decided());
            all.putAll(label.settings());
            remarks.add(SampleCheck.of(MillraceConfig.of(all), serdes, survey.sample())
                    .toString());
        }
    }

    private Map<String, String> decided() {
        Map<String, String> decided = new LinkedHashMap<>(topics);
        decided.put("value.format", survey.format().id());
        decided.put("label", String.join(", ", survey.labelPaths()));
        decided.put("features", String.join(", ", declarations));
        return decided;
    }

    /** What must be set before a model can learn, sentences; empty if nothing is missing. */
    public List<String> undecided() {
        return label.undecided();
    }

    /** The fields and what they become, as lines of text. */
    public List<String> overview() {
        List<String> lines = new ArrayList<>(List.of(survey.title(), ""));
        lines.addAll(fields());
        lines.add("");
        lines.addAll(remarks);
        return lines;
    }

    private List<String> fields() {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "label " + String.join(", ", survey.labelPaths()),
                label.reasons().get(0)));
        int width = Math.min(
                WIDEST_DECLARATION,
                declarations.stream().mapToInt(String::length).max().orElse(0));
        survey.features()
                .forEach(one -> lines.add(line(
                        padded(one.declaration(), width),
                        "it " + one.inferred().reason() + "; "
                                + counts(one.field().sample()))));
        survey.leftOut()
                .forEach(one -> lines.add(line(
                        padded(one.field().path().toString(), width),
                        "left out: it " + one.inferred().reason())));
        return lines;
    }

    private static String padded(String text, int width) {
        return String.format(Locale.ROOT, "%-" + width + "s", text);
    }

    private static String line(String name, String text) {
        return ("  " + name + "  " + text).replaceAll("\\p{Cc}", " "); // values of records may have them
    }

    private static String counts(FieldSample sample) {
        String example = sample.example();
        return (sample.records() - sample.values()) + " missing, " + sample.distinct()
                + (sample.moreDistinct() ? " or more" : "") + " distinct, for example "
                + (example.length() <= MOST_SHOWN ? example : example.substring(0, MOST_SHOWN) + "...");
    }

    /** The file. */
    public String text() {
        PropertiesText file = new PropertiesText();
        file.comment("Written by millrace init from " + survey.title() + ".");
        file.comment(
                "All of it may be changed. docs/features.md explains features, docs/configuration.md every setting.");
        remarks.forEach(file::comment);
        file.blank();
        cluster.forEach(file::setting);
        file.blank();
        file.comment("The application and its topics. The first start creates those that are missing.");
        file.comment("Requests are records as in " + survey.topic() + ", without the label.");
        topics.forEach(file::setting);
        file.blank();
        file.comment("The label.");
        label.reasons().forEach(file::comment);
        file.setting("label", String.join(", ", survey.labelPaths()));
        label.undecided().forEach(sentence -> file.comment("Not decided: " + sentence));
        label.settings().forEach(file::setting);
        file.blank();
        file.comment("The features, and what was found in the records:");
        fields().stream().skip(1).forEach(line -> file.comment(line.substring(1)));
        choices().forEach(file::comment);
        file.setting("value.format", survey.format().id());
        file.list("features", declarations);
        return file.toString();
    }

    private List<String> choices() {
        List<String> choices = new ArrayList<>();
        List<String> times = survey.features().stream()
                .filter(one -> one.inferred().kind() == FieldKind.TIME)
                .map(one -> one.field().path().toString())
                .toList();
        if (survey.key() != null) {
            choices.add("The key can be a feature, too, if no field says the same: "
                    + survey.key().declaration());
        }
        if (times.isEmpty()) {
            choices.add("The timestamp of a record can be a feature: @timestamp: time(hour|weekday)");
        } else {
            choices.add("Hours and weekdays are those of UTC. Of another zone: time(hour|weekday,Europe/Berlin)");
            choices.add("The time of a record is its timestamp. A field can say it instead: "
                    + times.stream().map(path -> "event.time=" + path).collect(Collectors.joining(" or ")));
        }
        return choices;
    }
}
