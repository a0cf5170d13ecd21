package io.millrace.cli.demo;

import io.millrace.cli.console.UsageException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Selects the rows that are also sent as requests: floor(n * share) of the first n rows, distributed as evenly as
 * possible. It uses decimal arithmetic, so that a tenth is exactly a tenth and a resumed stream selects the same rows.
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

    /** Number of requests among the first rows, which is also the index of the next request. */
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
