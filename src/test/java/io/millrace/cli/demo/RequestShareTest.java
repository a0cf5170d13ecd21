package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.UsageException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestShareTest {
    @ParameterizedTest
    @CsvSource({"0,0", "0.1,100", "0.29,290", "0.3,300", "0.5,500", "0.7,700", "0.999,999", "1,1000"})
    void aThousandRowsShouldHoldExactlyTheirShare(double share, long expected) {
        RequestShare requests = new RequestShare(share);
        assertThat(LongStream.range(0, 1000).filter(requests::includes).count()).isEqualTo(expected);
        assertThat(requests.among(1000)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.7, 0.123456789, 0.9999999999999999})
    void requestsShouldBeNumberedWithoutAGap(double share) {
        RequestShare requests = new RequestShare(share);
        List<Long> numbers = LongStream.range(0, 5000)
                .filter(requests::includes)
                .map(requests::among)
                .boxed()
                .toList();
        assertThat(numbers)
                .isEqualTo(LongStream.range(0, numbers.size()).boxed().toList());
    }

    @Test
    void shouldSpreadTheRequestsOverTheRows() {
        RequestShare requests = new RequestShare(0.7);
        assertThat(LongStream.range(0, 10).filter(requests::includes)).containsExactly(1L, 2L, 4L, 5L, 7L, 8L, 9L);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void shouldRefuseWhatIsNoShare(double share) {
        assertThatThrownBy(() -> new RequestShare(share))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--requests must be from 0 to 1, not " + share);
    }
}
