package io.millrace.cli.demo;

import io.millrace.cli.console.UsageException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Which rows are sent as requests, too: of the first n rows, floor(n * share), as evenly as that goes. In decimal arithmetic, so
 * that a tenth is a tenth and a resumed stream finds the same rows.
 */
final class RequestShare {
    private final BigDecimal share;

    /** @param share from 0 to 1 */
    RequestShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new UsageException("--requests must be from 0 to 1, not " + share + ".");
        }
        this.share = BigDecimal.valueOf(share);
    }

    double value() {
        return share.doubleValue();
    }

    /** Requests among the first rows, and so the number, from 0, of the next one. */
    long among(long rows) {
        return share.multiply(BigDecimal.valueOf(rows))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    /** Whether a row, counted from 0, is a request. */
    boolean includes(long row) {
        return among(row + 1) > among(row);
    }
}
