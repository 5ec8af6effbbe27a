package io.livehook.outcome;

import io.livehook.lane.FailureReason;
import io.livehook.lane.Outcome;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means for its delivery. Pure.
 *
 * <p>2xx delivered · 410 gone · 429 and 503 pause the callback until {@code Retry-After}, or for
 * its back-off · everything else is tried again on the schedule, then dead.
 */
public final class OutcomePolicy {
  private static final long LONGEST_PAUSE = Duration.ofHours(24).toMillis();
  private static final double JITTER = 0.1;

  private final RandomGenerator random;

  public OutcomePolicy(RandomGenerator random) {
    this.random = random;
  }

  /**
   * What is known when an attempt has ended; times in epoch milliseconds.
   *
   * @param used steps of the schedule used up before this attempt
   * @param acceptedAt when the update was accepted
   */
  public record Ended(
      int status,
      @Nullable FailureReason reason,
      @Nullable String retryAfter,
      int used,
      long acceptedAt,
      long now) {}

  public Outcome decide(Ended ended, RetrySchedule schedule) {
    if (ended.status() >= 200 && ended.status() <= 299) {
      return Outcome.Delivered.INSTANCE;
    }
    if (ended.status() == 410) {
      return new Outcome.Gone();
    }
    if (ended.status() == 429 || ended.status() == 503) {
      OptionalLong until = RetryAfter.at(ended.retryAfter(), ended.now());
      if (until.isPresent()) {
        return throttled(until.getAsLong(), ended, schedule);
      }
    }
    FailureReason reason = ended.reason() == null ? FailureReason.HTTP_STATUS : ended.reason();
    return ended.used() >= schedule.pauses().size()
        ? new Outcome.Dead(reason)
        : new Outcome.Retry(ended.now() + pause(schedule, ended.used()), reason);
  }

  /** Uses up no attempt, but ends with the schedule's sum. */
  private static Outcome throttled(long asked, Ended ended, RetrySchedule schedule) {
    long last = ended.acceptedAt() + schedule.sum().toMillis();
    if (ended.now() >= last) {
      return new Outcome.Dead(FailureReason.THROTTLED);
    }
    long until = Math.min(asked, Math.min(ended.now() + LONGEST_PAUSE, last));
    return new Outcome.Throttled(Math.max(until, ended.now()), FailureReason.THROTTLED);
  }

  private long pause(RetrySchedule schedule, int used) {
    double spread = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return (long) (schedule.pauses().get(used).toMillis() * spread);
  }
}
