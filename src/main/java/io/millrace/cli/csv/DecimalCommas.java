package io.millrace.cli.csv;

/**
 * Whether the commas in a column's numbers are decimal commas. That is certain only if another character separates the
 * columns, and no cell can be read in another way: every cell has a comma, or some comma cannot separate thousands.
 */
final class DecimalCommas {
    private static final double NEARLY_ALL = 0.9; // other cells are damaged

    private long cells;
    private long commas;
    private long unambiguous;
    private long thousands; // cells whose commas separate thousands
    private long whole;
    private long points;
    private long pointsBetweenThousands;
    private String firstComma;
    private String firstPoint;

    /**
     * @param cell not missing, without blanks at its ends
     * @param value the cell as a number, or the cell itself if it is none
     */
    void add(String cell, Object value, long line) {
        cells++;
        if (cell.indexOf(',') >= 0) {
            boolean grouped = Numerals.commasBetweenThousands(cell);
            if (grouped || Numerals.comma(cell)) {
                commas++;
                thousands += grouped ? 1 : 0;
                unambiguous += grouped || Numerals.ambiguous(cell) ? 0 : 1;
                firstComma = firstComma == null ? shown(cell, line) : firstComma;
            }
        } else if (value instanceof Number) {
            boolean point = cell.indexOf('.') >= 0;
            whole += point ? 0 : 1;
            points += point ? 1 : 0;
            if (point && Numerals.pointsBetweenThousands(cell)) {
                pointsBetweenThousands++;
                firstPoint = firstPoint == null ? shown(cell, line) : firstPoint;
            }
        }
    }

    /** Whether the column holds numbers, many of them with commas. */
    boolean present() {
        return commas > (1 - NEARLY_ALL) * cells && commas + whole + points >= NEARLY_ALL * cells;
    }

    /** Whether the commas of the column cannot mean anything else, if another character separates the columns. */
    boolean certain() {
        return present() && possible() && (unambiguous > 0 || whole + points == 0);
    }

    /** Whether no number of the column contradicts decimal commas. */
    boolean possible() {
        return thousands == 0 && points == pointsBetweenThousands;
    }

    /** Whether the column has no commas, and all its points may separate thousands. */
    boolean perhapsThousands() {
        return commas == 0 && points > 0 && points == pointsBetweenThousands && whole + points >= NEARLY_ALL * cells;
    }

    /** The first number with a comma or with a point that may separate thousands, and its line. */
    String first() {
        return firstComma == null ? firstPoint : firstComma;
    }

    private static String shown(String cell, long line) {
        return "\"" + cell + "\" (line " + line + ")";
    }
}
