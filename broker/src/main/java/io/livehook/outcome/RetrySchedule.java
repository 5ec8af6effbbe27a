package io.livehook.outcome;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pauses between the attempts of a delivery; after the last it is a dead letter. Immutable. */
public record RetrySchedule(List<Duration> pauses) {
  private static final int MOST = 100;
  private static final long LONGEST = Duration.ofDays(30).toSeconds();

  public RetrySchedule {
    pauses = List.copyOf(pauses);
  }

  /** Whole seconds ≥ 1, comma-separated; what is wrong with it is the exception's message. */
  public static RetrySchedule parse(String text) {
    List<Duration> pauses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      pauses.add(Duration.ofSeconds(seconds(part.trim())));
    }
    if (pauses.size() > MOST) {
      throw new IllegalArgumentException("has more than " + MOST + " pauses");
    }
    return new RetrySchedule(pauses);
  }

  private static long seconds(String part) {
    if (!part.matches("[0-9]{1,9}") || Long.parseLong(part) < 1) {
      throw new IllegalArgumentException(
          "'" + part + "' is not a whole number of seconds ≥ 1; write for example 5,300,1800");
    }
    long seconds = Long.parseLong(part);
    if (seconds > LONGEST) {
      throw new IllegalArgumentException("'" + part + "' is longer than 30 days");
    }
    return seconds;
  }

  /** All pauses together: how long after its acceptance a delivery is tried at most. */
  public Duration sum() {
    return pauses.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
