package io.millrace.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureSetTest {
    private static List<String> problems(String text) {
        return catchThrowableOfType(DeclarationException.class, () -> FeatureSet.parse(text))
                .problems();
    }

    @Test
    void shouldWriteAllOptionsInTheCanonicalText() {
        String declared = """
                customer.amount? :log,plan:oneof( free | pro ), merchant: category(4096),
                created: time(hour|weekday, Europe/Berlin), seen: time, note?: words, items[].sku: set(2048, 16),
                active:flag,v: numbers(3), a|b.c: number""";

        assertThat(FeatureSet.parse(declared))
                .hasToString(
                        "customer.amount?: log, plan: oneof(free|pro), merchant: category(4096,8),"
                                + " created: time(hour|weekday,Europe/Berlin), seen: time(hour|weekday,UTC),"
                                + " note?: words(1024,8), items[].sku: set(2048,16), active: flag, v: numbers(3), a|b.c: number");
    }

    @Test
    void shouldNameTheInputsInTheirOrder() {
        InputLayout layout = FeatureSet.parse(
                        "amount?: log, n: number, plan: oneof(free|pro), v?: numbers(2), active?: flag,"
                                + " created?: time(age|hour), merchant?: category(64, 4), note: words, tags?: set(8,2)")
                .layout();

        assertThat(layout.inputs())
                .containsExactly(
                        new DenseInput("amount log", true, true),
                        new DenseInput("amount missing", false, false),
                        new DenseInput("n", true, false),
                        new DenseInput("plan=free", true, false),
                        new DenseInput("plan=pro", true, false),
                        new DenseInput("plan other", true, false),
                        new DenseInput("v[0]", true, true),
                        new DenseInput("v[1]", true, true),
                        new DenseInput("v missing", false, false),
                        new DenseInput("active", true, true),
                        new DenseInput("active missing", false, false),
                        new DenseInput("created age", true, true),
                        new DenseInput("created hour sin", false, false),
                        new DenseInput("created hour cos", false, false),
                        new DenseInput("created missing", false, false));
        assertThat(layout.tables())
                .containsExactly(
                        new TableInput("merchant", 64, 4),
                        new TableInput("note", 1024, 8),
                        new TableInput("tags", 8, 2));
        assertThat(layout.declaration()).startsWith("amount?: log, n: number, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount",
                "customer.amount",
                "items[].sku",
                "orders[].items[].sku",
                "@key",
                "@timestamp",
                "@headers.source",
                "@headers.x-trace.id",
                "'@timestamp'",
                "'first name'",
                "'a.b'.c",
                "'user''s'",
                "größe",
                "a-b_c9",
                "a|b|c.d",
                "'a:b'",
                "@key|id"
            })
    void shouldReadEachFormOfPath(String path) {
        String type = path.contains("[]") ? ": set(1024,8)" : ": category(1024,8)";

        assertThat(FeatureSet.parse(path + type)).hasToString(path + type);
    }

    @Test
    void shouldKnowWhereAPathLeads() {
        Field field = FeatureSet.parse("'a.b'.items[].'x''s'|@headers.k.l|@key?: set")
                .features()
                .get(0)
                .field();

        assertThat(field.optional()).isTrue();
        assertThat(field.paths())
                .containsExactly(
                        new Path(
                                Path.Source.VALUE,
                                List.of(
                                        new Path.Step("a.b", false),
                                        new Path.Step("items", true),
                                        new Path.Step("x's", false))),
                        new Path(Path.Source.HEADER, List.of(new Path.Step("k.l", false))),
                        new Path(Path.Source.KEY, List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "plan => \"plan\" has no type. Write plan: category, plan: oneof(a|b) or plan: number.",
                "plan: => \"plan\" has no type. Write plan: category, plan: oneof(a|b) or plan: number.",
                "a: number,,b: log => A feature is empty: a comma too many, or nothing behind features=.",
                "a: float => \"a: float\": there is no type \"float\". Types are number, log, numbers(n), flag, oneof(a|b|...), category(buckets, width), words(buckets, width), set(buckets, width), time(hour|weekday|year|age, zone).",
                "a: number(3) => \"a: number(3)\": number has no options.",
                "a: category(1,2,3) => \"a: category(1,2,3)\": category has at most 2 options: category(buckets, width).",
                "a: category(0) => \"a: category(0)\": category: buckets is \"0\"; it must be 1 to 100000000.",
                "a: category(many) => \"a: category(many)\": category: buckets is \"many\"; it must be 1 to 100000000.",
                "a: category(8,2000) => \"a: category(8,2000)\": category: width is \"2000\"; it must be 1 to 1024.",
                "a: category(5000000,64) => \"a: category(5000000,64)\": category(5000000,64) is a table of 320,000,000 parameters (1.3 GB). Take fewer buckets.",
                "a: category(8 => \"a: category(8\" has a parenthesis too many or too few.",
                "a: category(8, b: number => \"a: category(8, b: number\" has a parenthesis too many or too few.",
                "a: category(8)x => \"a: category(8)x\": \"category(8)x\" lacks a parenthesis at its end.",
                "a: numbers => \"a: numbers\": numbers needs the option n: numbers(n).",
                "a: numbers(20y6) => \"a: numbers(20y6)\": numbers: n is \"20y6\"; it must be 1 to 100000, or a shape of as many numbers, such as 20x6 or 28x28x1.",
                "a: numbers(0x6) => \"a: numbers(0x6)\": numbers: n is \"0x6\"; it must be 1 to 100000, or a shape of as many numbers, such as 20x6 or 28x28x1.",
                "a: numbers(999x999999999) => \"a: numbers(999x999999999)\": numbers: n is \"999x999999999\"; it must be 1 to 100000, or a shape of as many numbers, such as 20x6 or 28x28x1.",
                "a: oneof => \"a: oneof\": oneof needs the option a|b|...: oneof(a|b|...).",
                "a: oneof(x|x) => \"a: oneof(x|x)\": oneof names a value twice.",
                "a: oneof(x|) => \"a: oneof(x|)\": oneof has an empty value; an empty text is a missing value, which \"?\" allows.",
                "a: time(minute) => \"a: time(minute)\": time has no part \"minute\"; hour, weekday, year and age are.",
                "a: time(hour|hour) => \"a: time(hour|hour)\": time names hour twice.",
                "a: time(hour,Europe/Atlantis) => \"a: time(hour,Europe/Atlantis)\": there is no time zone \"Europe/Atlantis\". Names are as in Europe/Berlin, offsets as in +02:00.",
                "items[].price: number => items[].price has many values; only set takes many.",
                "a: b: number => \"a: b: number\" has more than one colon: a comma is missing, or a name needs quotation marks, as in 'a:b': number.",
                "a b: number => \"a b: number\": \"a b\" is no name. A name with other characters than letters, digits, _ and - is put in quotation marks: 'a b'.",
                "a..b: number => \"a..b: number\": a name is empty.",
                "a?|b: number => \"a?|b: number\": \"a?\" has a \"?\" inside; it stands once, behind the last path.",
                "@offset: number => \"@offset: number\": \"@offset\" is not known: @key, @timestamp and @headers.name are. A field whose name begins with @ is put in quotation marks.",
                "a: number, a: number => \"a: number\" is declared twice.",
                "'a: number => A quotation mark opens in features and does not close. In a name it is doubled: 'the user''s'."
            })
    void shouldRefuseWithASentenceThatSaysWhatToWrite(String declared, String sentence) {
        assertThat(problems(declared)).containsExactly(sentence);
    }

    @Test
    void shouldReportAllProblemsAtOnce() {
        assertThat(problems("plan, a: number, b: nomber, items[].x: log")).hasSize(3);
    }

    @Test
    void numbersOfAShapeShouldBeNamedByTheirPlaces() {
        FeatureSet set = FeatureSet.parse("v: numbers(02x3)");
        assertThat(set).hasToString("v: numbers(2x3)");
        assertThat(set.layout().inputs())
                .extracting(DenseInput::name)
                .containsExactly("v[0][0]", "v[0][1]", "v[0][2]", "v[1][0]", "v[1][1]", "v[1][2]");
        assertThat(FeatureSet.parse("v: numbers(2x1x2)").layout().inputs())
                .extracting(DenseInput::name)
                .containsExactly("v[0][0][0]", "v[0][0][1]", "v[1][0][0]", "v[1][0][1]");
    }

    @Test
    void onlyASingleFieldThatIsNeverMissingShouldGiveTheInputsItsShape() {
        assertThat(FeatureSet.parse("v: numbers(20x6)").shape()).isEqualTo("20x6");
        assertThat(FeatureSet.parse("v: numbers(120)").shape()).isNull();
        assertThat(FeatureSet.parse("v?: numbers(20x6)").shape()).isNull();
        assertThat(FeatureSet.parse("v: numbers(20x6), a: number").shape()).isNull();
    }

    @Test
    void shouldTakeAFieldInTwoWays() {
        assertThat(FeatureSet.parse("a: number, a: log").layout().inputs())
                .extracting(DenseInput::name)
                .containsExactly("a", "a log");
    }

    /** What a snapshot says must mean the same to whoever reads it. */
    @Property
    void shouldReadItsCanonicalText(@ForAll("declarations") String declared) {
        FeatureSet set = FeatureSet.parse(declared);
        FeatureSet again = FeatureSet.parse(set.toString());

        assertThat(again).isEqualTo(set).hasToString(set.toString());
        assertThat(again.layout()).isEqualTo(set.layout());
    }

    @Provide
    Arbitrary<String> declarations() {
        Arbitrary<String> names = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(6)
                .withChars("ab.|?:,()[]'\"@ ü\t")
                .map(name -> "'" + name.replace("'", "''") + "'");
        Arbitrary<String> types = Combinators.combine(
                        Arbitraries.of(
                                "number",
                                "log",
                                "numbers(4)",
                                "numbers(2x3)",
                                "flag",
                                "category",
                                "category(7)",
                                "words(9,2)",
                                "set",
                                "time(age|year,Asia/Tokyo)",
                                "oneof"),
                        names)
                .as((type, value) -> type.equals("oneof") ? "oneof(" + value + "|x y|1.5)" : type);
        Arbitrary<String> features = Combinators.combine(names, names, Arbitraries.of("", "?"), types)
                .as((outer, inner, optional, type) -> outer + "." + inner + optional + ":" + type);
        return features.list().uniqueElements().ofMinSize(1).ofMaxSize(4).map(list -> String.join(" , ", list));
    }
}
