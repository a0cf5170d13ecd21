package io.millrace.cli.csv;

import java.util.regex.Pattern;

/** Numbers as cells spell them: with a decimal point, or with a decimal comma and points between thousands. */
final class Numerals {
    private static final int LONGEST_WHOLE = 18; // digits; a long holds all of them

    private static final Pattern COMMA =
            Pattern.compile("[+-]?(?:[0-9]{1,3}(?:\\.[0-9]{3})+|[0-9]*),[0-9]+(?:[eE][+-]?[0-9]+)?");

    /** Read as thousands or as decimals, these are different numbers. */
    private static final Pattern COMMA_OR_THOUSANDS = Pattern.compile("[+-]?[1-9][0-9]{0,2},[0-9]{3}");

    private static final Pattern COMMAS_BETWEEN_THOUSANDS =
            Pattern.compile("[+-]?[0-9]{1,3}(?:(?:,[0-9]{3}){2,}(?:\\.[0-9]*)?|,[0-9]{3}\\.[0-9]*)");
    private static final Pattern POINTS_BETWEEN_THOUSANDS = Pattern.compile("[+-]?[1-9][0-9]{0,2}(?:\\.[0-9]{3})+");

    private Numerals() {}

    /** A cell without blanks at its ends as a Long if it is whole, or as a Double; null if it is no finite number. */
    static Number value(String cell) {
        if (whole(cell)) {
            return Long.valueOf(cell);
        }
        if (Float.isNaN(CsvTable.number(cell))) {
            return null;
        }
        double value = Double.parseDouble(cell);
        return Double.isFinite(value) ? (Number) value : null;
    }

    private static boolean whole(String cell) {
        int from = !cell.isEmpty() && (cell.charAt(0) == '-' || cell.charAt(0) == '+') ? 1 : 0;
        boolean whole = cell.length() > from && cell.length() - from <= LONGEST_WHOLE;
        for (int i = from; i < cell.length() && whole; i++) {
            whole = cell.charAt(i) >= '0' && cell.charAt(i) <= '9';
        }
        return whole;
    }

    /** Whether a cell is a number if its comma is a decimal comma. */
    static boolean comma(String cell) {
        return cell.indexOf(',') >= 0 && COMMA.matcher(cell).matches();
    }

    /** Whether the comma of such a cell may separate thousands as well. */
    static boolean ambiguous(String cell) {
        return COMMA_OR_THOUSANDS.matcher(cell).matches();
    }

    /** Whether the commas of a cell certainly separate thousands. */
    static boolean commasBetweenThousands(String cell) {
        return COMMAS_BETWEEN_THOUSANDS.matcher(cell).matches();
    }

    /** Whether the points of a cell may separate thousands. */
    static boolean pointsBetweenThousands(String cell) {
        return POINTS_BETWEEN_THOUSANDS.matcher(cell).matches();
    }

    /** The cell of a column with decimal commas, written with a decimal point. */
    static String withPoint(String cell) {
        return cell.indexOf(',') >= 0 || pointsBetweenThousands(cell)
                ? cell.replace(".", "").replace(',', '.')
                : cell;
    }
}
