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
 * <p>2xx delivered · 410 gone · 429 and 503 with a {@code Retry-After} pause the callback and use
 * up no try, as long as the schedule's sum has not passed since the update was accepted · our own
 * proxy's refusals use up no try either; everything else is tried again on the schedule, not before
 * a {@code Retry-After}, then dead.
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
    OptionalLong asked = RetryAfter.at(ended.retryAfter(), ended.now());
    long last = ended.acceptedAt() + schedule.sum().toMillis();
    if (asked.isPresent() && slowsDown(ended.status()) && ended.now() < last) {
      long until = Math.min(bounded(asked, ended.now()), last);
      return new Outcome.Throttled(until, FailureReason.THROTTLED);
    }
    FailureReason reason = ended.reason() == null ? FailureReason.HTTP_STATUS : ended.reason();
    if (reason == FailureReason.PROXY_ERROR && ended.now() < last) {
      int step = Math.min(ended.used(), schedule.pauses().size() - 1);
      return new Outcome.Throttled(Math.min(ended.now() + pause(schedule, step), last), reason);
    }
    if (ended.used() >= schedule.pauses().size()) {
      return new Outcome.Dead(reason);
    }
    long own = ended.now() + pause(schedule, ended.used());
    return new Outcome.Retry(Math.max(own, bounded(asked, ended.now())), reason);
  }

  /** Too many requests, or unavailable: it is the callback that wants a rest. */
  static boolean slowsDown(int status) {
    return status == 429 || status == 503;
  }

  private static long bounded(OptionalLong asked, long now) {
    return Math.min(Math.max(asked.orElse(now), now), now + LONGEST_PAUSE);
  }

  private long pause(RetrySchedule schedule, int used) {
    double spread = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return (long) (schedule.pauses().get(used).toMillis() * spread);
  }
}
