package io.millrace.learner.ensemble;

import io.millrace.feature.InputRow;
import io.millrace.learner.Server;

/**
 * Serves an ensemble whose versions are some examples old. Long statistics hardly change until the next version, so the version's are used. Short
 * ones do, so they move with the requests, which are the features of the rows that the version has not learned yet ({@link RecentRequests}).
 *
 * <p>If the version has learned every row so far, the mixture of all experts answers: exactly as training predicts the row. Otherwise the last
 * label is not known, and the mixture is one of the two that lack the memory of labels: the one with the members that see the short statistics
 * counts three quarters if many rows have a request, and half if few have.
 */
final class EnsembleServer implements Server {
    private static final double TRUST = 0.75; // in the members that see the short statistics

    private final EnsemblePredictor predictor;
    private final ShareOfRequests share;
    private final RecentRequests requests;
    private final boolean upToDate; // as long as no request is newer
    private final double rate;
    private final double[] lagging; // [experts]: weights for a version that is some rows old

    /**
     * @param predictor of this thread alone
     * @param former see {@link io.millrace.learner.Predictor#server}; this and the other arguments are what it has
     */
    EnsembleServer(EnsemblePredictor predictor, EnsembleServer former, long brought) {
        this.predictor = predictor;
        EnsembleModel version = predictor.model();
        if (former == null) {
            share = new ShareOfRequests();
            requests = new RecentRequests(version.layout(), version.inputs());
        } else {
            share = former.share;
            requests = version.inputs() == former.predictor.model().inputs()
                    ? former.requests
                    : new RecentRequests(version.layout(), version.inputs()); // features were added
            share.learned(version.version() - former.predictor.model().version());
        }
        rate = share.rate();
        requests.follow(version, rate);
        upToDate = version.newestTime() >= 0 && (share.known() && share.large() || brought == 1);
        lagging = share.large() ? predictor.lagging(TRUST) : predictor.lagging();
    }

    @Override
    public void answer(InputRow row, long time, float[] scores) {
        predictor.predict(row, requests.statistics(), weights(), scores);
        requests.enter(row, time, rate);
        share.request();
    }

    private double[] weights() {
        if (upToDate && requests.noneNewer()) {
            return predictor.model().weights();
        }
        return requests.none() ? predictor.lagging() : lagging;
    }
}
