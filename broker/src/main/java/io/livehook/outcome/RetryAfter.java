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

/**
 * {@code Retry-After} (RFC 9110 §10.2.3): seconds, or a date of the three forms of §5.6.7. What
 * cannot be read counts as absent. Pure.
 */
final class RetryAfter {
  /** More seconds than any bound lets through. */
  private static final int MOST_DIGITS = 10;

  private static final DateTimeFormatter RFC_850 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final List<DateTimeFormatter> DATES =
      List.of(
          DateTimeFormatter.RFC_1123_DATE_TIME,
          RFC_850,
          DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
              .withZone(ZoneOffset.UTC));

  private RetryAfter() {}

  /** The millisecond it names, or empty when it cannot be read. */
  static OptionalLong at(@Nullable String header, long now) {
    if (header == null) {
      return OptionalLong.empty();
    }
    String text = header.trim();
    if (!text.isEmpty() && text.chars().allMatch(each -> each >= '0' && each <= '9')) {
      long seconds = text.length() > MOST_DIGITS ? Integer.MAX_VALUE : Long.parseLong(text);
      return OptionalLong.of(now + seconds * 1000);
    }
    for (DateTimeFormatter each : DATES) {
      try {
        return OptionalLong.of(date(each, text, now).toInstant().toEpochMilli());
      } catch (DateTimeException another) {
        continue;
      }
    }
    return OptionalLong.empty();
  }

  /** The weekday of an RFC 850 date is left out: its two digits of year do not tell the century. */
  private static ZonedDateTime date(DateTimeFormatter form, String text, long now) {
    if (form != RFC_850) {
      return form.parse(text, ZonedDateTime::from);
    }
    ZonedDateTime date = form.parse(text.replaceFirst("^[A-Za-z]+, ", ""), ZonedDateTime::from);
    ZonedDateTime today = Instant.ofEpochMilli(now).atZone(ZoneOffset.UTC);
    return date.isAfter(today.plusYears(50)) ? date.minusYears(100) : date;
  }
}
