package io.livehook.outcome;

import io.livehook.delivery.AttemptResult;
import io.livehook.delivery.Judge;
import io.livehook.lane.Delivery;
import io.livehook.lane.FailureReason;
import io.livehook.lane.LaneIds;
import io.livehook.lane.Outcome;
import io.livehook.lane.Subscription;
import io.livehook.lane.SubscriptionOptions;
import io.livehook.outcome.OutcomePolicy.Ended;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Judges attempts by policy and breaker. One per event loop. */
public final class AttemptJudge implements Judge {
  private static final Judgement DELIVERED = new Judgement(Outcome.Delivered.INSTANCE, false);

  private final OutcomePolicy policy;
  private final Breakers breakers;
  private final RetrySchedule schedule;
  private final LongFunction<@Nullable String> tenantSchedules;

  /** {@code schedule} holds where neither the subscription nor its tenant has one. */
  public AttemptJudge(
      RetrySchedule schedule,
      LongFunction<@Nullable String> tenantSchedules,
      int breakerFailures,
      RandomGenerator random) {
    this.policy = new OutcomePolicy(random);
    this.breakers = new Breakers(breakerFailures);
    this.schedule = schedule;
    this.tenantSchedules = tenantSchedules;
  }

  @Override
  public Judgement judge(Delivery delivery, AttemptResult result, long now) {
    SubscriptionOptions options = delivery.subscription.options();
    long took = now - delivery.startedAt();
    if (result.delivered()) {
      breakers.succeeded(options.callback(), took);
      return DELIVERED;
    }
    Ended ended =
        new Ended(
            result.status(),
            result.reason(),
            result.retryAfter(),
            delivery.used(),
            LaneIds.millisecond(delivery.update().id),
            now);
    Outcome outcome = policy.decide(ended, scheduleOf(delivery.subscription));
    if (outcome instanceof Outcome.Gone) {
      return new Judgement(outcome, false);
    }
    if (result.reason() == FailureReason.PROXY_ERROR) {
      return new Judgement(outcome, false); // ours, never charged to the callback
    }
    boolean opened = breakers.failed(options.callback(), took);
    return new Judgement(outcome, opened || OutcomePolicy.slowsDown(result.status()));
  }

  private RetrySchedule scheduleOf(Subscription subscription) {
    String own = subscription.options().retrySchedule();
    String chosen = own == null ? tenantSchedules.apply(subscription.resource.tenant()) : own;
    return chosen == null ? schedule : RetrySchedule.parse(chosen);
  }
}
