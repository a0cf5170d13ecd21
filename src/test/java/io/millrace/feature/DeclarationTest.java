package io.millrace.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeclarationTest {
    private static List<String> problems(String features, String label, String weight, String eventTime) {
        return catchThrowableOfType(
                        DeclarationException.class, () -> Declaration.parse(features, label, weight, eventTime))
                .problems();
    }

    @Test
    void shouldReadWhatARecordMeans() {
        Declaration declaration =
                Declaration.parse("a: number", "customer.status", " w? ", "created|@timestamp, Europe/Berlin");

        assertThat(declaration.labels()).hasToString("[customer.status]");
        assertThat(declaration.weight()).hasToString("w?");
        assertThat(declaration.eventTime()).hasToString("created|@timestamp, Europe/Berlin");
    }

    /** Serving keeps its decoder while the declaration of the model stays the same. */
    @Test
    void shouldEqualADeclarationThatSaysTheSame() {
        Declaration one = Declaration.parse("a: oneof(x|y), t: time(age,Asia/Tokyo)", "l", "w?", "t, Europe/Berlin");
        Declaration other = Declaration.parse("a:oneof(x|y),t:time(age, Asia/Tokyo)", "l", "w?", "t,Europe/Berlin");

        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(Declaration.parse("a: number", "", "", "t, UTC"))
                .isEqualTo(Declaration.parse("a: number", "", "", "t"));
    }

    @Test
    void shouldTakeSeveralTargets() {
        assertThat(Declaration.parse("a: number", "x, y.z", "", "").labels()).hasToString("[x, y.z]");
    }

    @Test
    void shouldNeedNothingButFeatures() {
        Declaration declaration = Declaration.parse("a: number", "", "", "");

        assertThat(declaration.labels()).isEmpty();
        assertThat(declaration.weight()).isNull();
        assertThat(declaration.eventTime()).isNull();
    }

    @Test
    void shouldReportTheProblemsOfAllSettingsAtOnce() {
        assertThat(problems("plan", "a b", "items[].w", "created, Nowhere"))
                .containsExactly(
                        "\"plan\" has no type. Write plan: category, plan: oneof(a|b) or plan: number.",
                        "label=a b: \"a b\" is no name. A name with other characters than letters, digits, _ and - is put in"
                                + " quotation marks: 'a b'.",
                        "weight=items[].w: items[].w has many values; one is needed.",
                        "event.time=created, Nowhere: there is no time zone \"Nowhere\". Names are as in Europe/Berlin,"
                                + " offsets as in +02:00.");
    }

    @Test
    void shouldRefuseTheLabelAsAFeature() {
        assertThat(problems("a: number, status: category", "status", "", ""))
                .containsExactly("\"status\" is the label and cannot be a feature too.");
        assertThat(problems("a: number", "x, x", "", "")).containsExactly("\"x\" is a label twice.");
    }
}
