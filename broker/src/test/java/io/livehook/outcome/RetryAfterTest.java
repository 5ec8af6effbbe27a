package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RCV-11 of reliability.md §5.2. */
class RetryAfterTest {
  private static final long NOW = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

  @ParameterizedTest
  @CsvSource({"0,0", "1,1000", "' 120 ',120000", "000060,60000"})
  void secondsAreCountedFromNow(String header, long later) {
    assertThat(RetryAfter.at(header, NOW)).hasValue(NOW + later);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
      })
  void datesOfAllThreeFormsAreRead(String header) {
    assertThat(RetryAfter.at(header, NOW))
        .hasValue(Instant.parse("1994-11-06T08:49:37Z").toEpochMilli());
  }

  @Test
  void twoDigitsOfYearAreTheNearestPastOrTheNextFiftyYears() {
    assertThat(RetryAfter.at("Friday, 01-Mar-30 00:00:00 GMT", NOW))
        .hasValue(Instant.parse("2030-03-01T00:00:00Z").toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1e308",
        "Infinity",
        "0x10",
        "1.5",
        "tomorrow",
        "1;2",
        "5, 10",
        "٥",
        "Sun, 31 Feb 2026 00:00:00 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT",
        "2026-03-01T00:00:00Z",
        "\u0000",
      })
  void everythingElseCountsAsAbsent(String header) {
    assertThat(RetryAfter.at(header, NOW)).isEmpty();
  }

  @Test
  void anyNumberOfDigitsIsANumber() {
    assertThat(RetryAfter.at("9".repeat(8_000), NOW).orElse(0)).isGreaterThan(NOW);
  }
}
