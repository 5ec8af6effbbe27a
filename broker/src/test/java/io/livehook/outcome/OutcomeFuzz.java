package io.livehook.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.fuzz.Fuzzed;
import io.livehook.fuzz.Parser;
import io.livehook.fuzz.Texts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What consumers and their servers say about time: retry schedules, {@code Retry-After}. */
public final class OutcomeFuzz {
  private static final long NOW = 1_700_000_000_000L;
  private static final Texts SCHEDULES =
      new Texts(List.of("5", "300", ",", "0", "2592000", "2592001"), List.of("5,300,1800", "1"));
  private static final Texts TIMES =
      new Texts(
          List.of("120", "Sun", ", ", "06", "Nov", "1994", "-", ":", "08:49:37", " GMT", "60"),
          List.of(
              "120",
              "Sun, 06 Nov 1994 08:49:37 GMT",
              "Sunday, 06-Nov-94 08:49:37 GMT",
              "Sun Nov  6 08:49:37 1994"));

  private OutcomeFuzz() {}

  public static List<Fuzzed> all() {
    return List.of(
        new Parser("retry schedule", SCHEDULES, OutcomeFuzz::schedule),
        new Parser("retry-after", TIMES, OutcomeFuzz::retryAfter));
  }

  private static boolean schedule(String text) {
    RetrySchedule read;
    try {
      read = RetrySchedule.parse(text);
    } catch (IllegalArgumentException declared) {
      assertThat(declared.getMessage()).isNotBlank();
      return false;
    }
    String written =
        read.pauses().stream()
            .map(pause -> Long.toString(pause.toSeconds()))
            .collect(Collectors.joining(","));
    assertThat(RetrySchedule.parse(written)).isEqualTo(read);
    assertThat(read.pauses()).isNotEmpty().allMatch(pause -> pause.toSeconds() >= 1);
    return true;
  }

  private static boolean retryAfter(String text) {
    OptionalLong read = RetryAfter.at(text, NOW);
    if (read.isEmpty()) {
      return false;
    }
    var date = Instant.ofEpochMilli(read.getAsLong()).atZone(ZoneOffset.UTC);
    if (date.getYear() >= 1970 && date.getYear() <= 9_999) {
      String written = DateTimeFormatter.RFC_1123_DATE_TIME.format(date);
      assertThat(RetryAfter.at(written, NOW)).isEqualTo(read);
    }
    return true;
  }
}
