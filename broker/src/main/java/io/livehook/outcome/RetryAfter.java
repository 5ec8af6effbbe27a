package io.livehook.outcome;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code Retry-After} (RFC 9110 §10.2.3): seconds or a date of the three forms; else absent. */
final class RetryAfter {
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern("EEEE, dd-MMM-")
              .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
              .appendPattern(" HH:mm:ss 'GMT'")
              .toFormatter(Locale.ENGLISH)
              .withZone(ZoneOffset.UTC),
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  private RetryAfter() {}

  /** The millisecond it names, or empty when it cannot be read. */
  static OptionalLong at(@Nullable String header, long now) {
    if (header == null) {
      return OptionalLong.empty();
    }
    String text = header.trim();
    if (text.matches("[0-9]{1,10}")) {
      return OptionalLong.of(now + Long.parseLong(text) * 1000);
    }
    for (DateTimeFormatter each : DATES) {
      try {
        return OptionalLong.of(Instant.from(each.parse(text, ZonedDateTime::from)).toEpochMilli());
      } catch (DateTimeException another) {
        continue;
      }
    }
    return OptionalLong.empty();
  }
}
