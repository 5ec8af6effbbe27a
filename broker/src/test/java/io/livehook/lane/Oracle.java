package io.livehook.lane;

import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.SimulatedDatabase.State;
import io.livehook.lane.SimulatedDatabase.SubscriptionRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Decides the promises from outside: knows what was acknowledged and what receivers saw, and looks
 * at the tables. Knows nothing of the lane's memory.
 */
final class Oracle {
  /** A broken promise; the message names it. */
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    Broken(String what) {
      super(what);
    }
  }

  private final Map<Long, Submission.Push> acknowledged = new HashMap<>();
  private final Map<String, Long> keys = new HashMap<>();
  private final Set<Long> silent = new HashSet<>();
  private final Map<RetryKey, Integer> deliveries = new HashMap<>();
  private final Map<RetryKey, Integer> allowed = new HashMap<>();
  private final Set<RetryKey> started = new HashSet<>();
  private final Set<RetryKey> done = new HashSet<>();
  private final Map<Long, Long> newestStart = new HashMap<>();
  private final Set<Submission> verdicts = new HashSet<>();

  void verdict(Submission submission, Verdict verdict, State durable) {
    if (!verdicts.add(submission)) {
      throw new Broken("two verdicts on one submission");
    }
    switch (verdict) {
      case Verdict.Accepted accepted ->
          accepted((Submission.Push) submission, accepted.update(), durable);
      case Verdict.Subscribed subscribed -> {
        SubscriptionRow row = durable.subscriptions.get(subscribed.subscription());
        check(row != null, "P1: subscribed, but not durable");
      }
      case Verdict.Done ended -> {
        if (submission instanceof Submission.Unsubscribe unsubscribe) {
          silent.add(unsubscribe.subscription);
          SubscriptionRow row = durable.subscriptions.get(unsubscribe.subscription);
          check(row != null && !row.active(), "P5: unsubscribed, but not durable");
        }
      }
      default -> {}
    }
  }

  private void accepted(Submission.Push push, long update, State durable) {
    boolean forgotten = durable.floor.values().stream().allMatch(floor -> update <= floor);
    check(
        forgotten || durable.log.containsKey(update),
        "P1: acknowledged, but not durable " + update + durable.floor);
    if (push.idempotencyKey != null) {
      Long before = keys.put(push.tenant + push.uri + "/" + push.idempotencyKey, update);
      check(before == null || before == update, "one key, two updates");
    }
    acknowledged.put(update, push);
  }

  boolean decided(Submission submission) {
    return verdicts.contains(submission);
  }

  boolean isSilent(long subscription) {
    return silent.contains(subscription);
  }

  // --- what receivers see ---

  void started(Delivery delivery, State live) {
    long subscription = delivery.subscription.id;
    long update = delivery.update().id;
    RetryKey key = new RetryKey(subscription, update);
    check(!silent.contains(subscription), "P5: a request after the unsubscribe");
    LogRow row = live.log.get(update);
    SubscriptionRow owed = live.subscriptions.get(subscription);
    check(
        row != null || live.floor.values().stream().anyMatch(each -> each >= update),
        "P2: a phantom update");
    check(owed != null, "P2: a phantom subscription");
    check(
        row == null || (owed != null && owed.fromVer() <= row.subVer()),
        "P2: from before the subscription");
    if (started.add(key)) {
      long newest = newestStart.getOrDefault(subscription, 0L);
      check(update > newest, "P3: a first attempt after a newer one's");
      newestStart.put(subscription, update);
      if (owed != null && owed.options().strict()) {
        checkStrict(subscription, update, live);
      }
    } else if (owed != null && owed.options().strict() && !deliveries.containsKey(key)) {
      check(
          newestStart.getOrDefault(subscription, 0L) == update || redelivered.contains(key),
          "P3 strict: an attempt after a newer update has started " + key);
    }
  }

  private final Set<RetryKey> redelivered = new HashSet<>();

  void redelivered(long subscription, long update) {
    RetryKey key = new RetryKey(subscription, update);
    redelivered.add(key);
    allowed.merge(key, 1, Integer::sum);
  }

  private void checkStrict(long subscription, long update, State live) {
    for (RetryKey each : started) {
      check(
          each.subscription() != subscription
              || each.update() >= update
              || done.contains(each)
              || live.gap(subscription, each.update()),
          "P3 strict: " + update + " started before the one before has ended " + each);
    }
  }

  /** The receiver processed it with a 2xx, whether or not the broker heard of it. */
  void delivered(Delivery delivery, boolean heard) {
    RetryKey key = new RetryKey(delivery.subscription.id, delivery.update().id);
    int times = deliveries.merge(key, 1, Integer::sum);
    if (heard) {
      done.add(key);
    }
    check(
        times <= 1 + allowed.getOrDefault(key, 0),
        "P4: delivered again without a fault that explains it");
  }

  void givenUp(Delivery delivery) {
    done.add(new RetryKey(delivery.subscription.id, delivery.update().id));
  }

  /** Closed by a hold while its end was unknown: may be delivered once more. */
  void suspended(Delivery delivery) {
    allowed.merge(new RetryKey(delivery.subscription.id, delivery.update().id), 1, Integer::sum);
  }

  /** A new owner: what had started and has no end in the tables may be delivered once more. */
  void adopted(State live) {
    for (RetryKey each : started) {
      if (!live.ended.contains(each)) {
        allowed.merge(each, 1, Integer::sum);
      }
    }
  }

  // --- what the tables say ---

  /** If everybody crashed now: nothing at or below a watermark is forgotten (R10, R9). */
  void tables(State state) {
    for (LogRow update : state.log.values()) {
      long watermark = state.watermark.getOrDefault(LaneIds.laneOf(update.id()), 0L);
      if (update.id() <= watermark || !state.behind.isEmpty()) {
        covered(state, update, watermark);
      }
    }
  }

  private static void covered(State state, LogRow update, long watermark) {
    for (SubscriptionRow each : state.subscriptions.values()) {
      if (!owed(each, update) || !each.active()) {
        continue;
      }
      LoadBatch.LoadedBehind behind = state.behind.get(each.id());
      long bound = behind == null ? watermark : behind.since();
      RetryKey key = new RetryKey(each.id(), update.id());
      check(
          update.id() > bound
              || state.ended.contains(key)
              || state.retry.containsKey(key)
              || state.dead.contains(key)
              || state.gap(each.id(), update.id()),
          "R10: lost if everybody crashed now " + key + " bound " + bound + behind);
    }
  }

  private static boolean owed(SubscriptionRow subscription, LogRow update) {
    return subscription.resource() == update.resource()
        && subscription.fromVer() <= update.subVer()
        && update.subVer() < subscription.toVer();
  }

  /** At the quiet end everything acknowledged has ended, visibly. */
  void end(State state, Set<Long> held) {
    for (Map.Entry<Long, Submission.Push> each : acknowledged.entrySet()) {
      LogRow update = state.log.get(each.getKey());
      if (update != null) {
        ended(state, update, held);
      }
    }
    for (LogRow update : state.log.values()) {
      ended(state, update, held);
    }
    check(state.behind.keySet().stream().allMatch(held::contains), "a subscription stays behind");
    check(
        state.retry.keySet().stream().allMatch(key -> held.contains(key.subscription())),
        "a retry is never tried");
  }

  private void ended(State state, LogRow update, Set<Long> held) {
    for (SubscriptionRow each : state.subscriptions.values()) {
      if (!owed(each, update) || !each.active() || held.contains(each.id())) {
        continue;
      }
      RetryKey key = new RetryKey(each.id(), update.id());
      check(
          deliveries.containsKey(key)
              || state.dead.contains(key)
              || state.gap(each.id(), update.id()),
          "P1: acknowledged, and lost " + key);
      check(
          state.ended.contains(key)
              || state.gap(each.id(), update.id())
              || state.dead.contains(key),
          "P12: owed, without an end in the tables " + key);
    }
  }

  static void check(boolean holds, String promise) {
    if (!holds) {
      throw new Broken(promise);
    }
  }
}
