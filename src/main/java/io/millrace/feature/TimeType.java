package io.millrace.feature;

import io.millrace.feature.value.BadValueException;
import io.millrace.feature.value.Moment;
import io.millrace.feature.value.Slot;
import io.millrace.feature.value.Value;
import io.millrace.feature.value.Zone;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A time: where it is on the clock, in the week and in the year, as sine and cosine, and how old it is.
 *
 * @param parts what of it enters
 * @param zone whose clocks show it
 */
record TimeType(List<Part> parts, Zone zone) implements FeatureType {
    private static final int NANOS_OF_MS = 1_000_000;
    private static final Option PARTS = new Option("hour|weekday|year|age", "hour|weekday", "some of these");
    private static final Option ZONE =
            new Option("zone", "UTC", "a name of the tz database, or an offset such as +02:00");

    static final FeatureDescription DESCRIPTION = new FeatureDescription(
            "time",
            "hour, weekday, year: sine and cosine of the part of the day, week or year that has passed on the zone's clocks."
                    + " age: the log of the seconds from the time to the event time, standardised.",
            options -> new TimeType(parts(options.list(PARTS)), zone(options.text(ZONE))),
            PARTS,
            ZONE);

    enum Part {
        HOUR("hour"),
        WEEKDAY("weekday"),
        YEAR("year"),
        AGE("age");

        private final String id;

        Part(String id) {
            this.id = id;
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private static List<Part> parts(List<String> names) {
        List<Part> parts = new ArrayList<>();
        for (String name : names) {
            Part found = null;
            for (Part part : Part.values()) {
                found = part.id.equals(name) ? part : found;
            }
            if (found == null) {
                throw Words.problem("time has no part \"" + name + "\"; hour, weekday, year and age are");
            }
            if (parts.contains(found)) {
                throw Words.problem("time names " + name + " twice");
            }
            parts.add(found);
        }
        return List.copyOf(parts);
    }

    /** @throws IllegalArgumentException if there is no such zone */
    static Zone zone(String id) {
        try {
            return Zone.of(id);
        } catch (DateTimeException e) {
            throw Words.problem(
                    "there is no time zone \"" + id + "\". Names are as in Europe/Berlin, offsets as in +02:00");
        }
    }

    @Override
    public List<DenseInput> inputs(Field field) {
        List<DenseInput> inputs = new ArrayList<>();
        for (Part part : parts) {
            if (part == Part.AGE) {
                inputs.add(new DenseInput(field.name() + " age", true, field.optional()));
            } else {
                inputs.add(new DenseInput(field.name() + " " + part + " sin", false, false));
                inputs.add(new DenseInput(field.name() + " " + part + " cos", false, false));
            }
        }
        return inputs;
    }

    @Override
    public boolean readsEventTime() {
        return parts.contains(Part.AGE);
    }

    @Override
    public Zone zone() {
        return zone;
    }

    @Override
    public boolean reads(Value.Kind kind) {
        return NumberType.isReadable(kind);
    }

    @Override
    public void write(String name, Slot slot, RowWriter out) {
        Moment moment = out.moment();
        moment.read(slot.get(0), name);
        for (int i = 0; i < parts.size(); i++) { // an iterator would be an object
            Part part = parts.get(i);
            if (part != Part.HOUR && !moment.hasDate()) {
                throw new BadValueException(
                        name + " is " + slot.get(0).shown() + ", a time of day: it has an hour, but no " + part);
            }
            switch (part) {
                case HOUR -> cyclic(moment.ofDay(zone), out);
                case WEEKDAY -> cyclic(moment.ofWeek(zone), out);
                case YEAR -> cyclic(moment.ofYear(zone), out);
                case AGE -> out.number(LogType.of(age(moment, out.eventTime())));
            }
        }
    }

    /** Seconds from a time to the event time; negative if it is later. */
    private double age(Moment moment, long eventTime) {
        long seconds = Math.floorDiv(eventTime, 1000L) - moment.epochSecond(zone);
        long nanos = (long) Math.floorMod(eventTime, 1000) * NANOS_OF_MS - moment.nano();
        return seconds + nanos / 1e9;
    }

    private static void cyclic(double part, RowWriter out) {
        out.number(Cycle.sin(part));
        out.number(Cycle.cos(part));
    }

    @Override
    public String toString() {
        return DESCRIPTION.name()
                + parts.stream().map(Part::toString).collect(Collectors.joining("|", "(", "," + zone + ")"));
    }
}
