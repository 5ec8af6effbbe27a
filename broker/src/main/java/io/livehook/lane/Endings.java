package io.livehook.lane;

import io.livehook.lane.Delivery.State;
import io.livehook.lane.FlushBatch.Attempt;
import io.livehook.lane.FlushBatch.DeadRow;
import io.livehook.lane.Orders.Note;
import java.util.ArrayDeque;

/**
 * What an attempt's outcome means for its delivery (R9, R12, R13). A first failure stays open in
 * memory until the breaker has judged; then it becomes a retry row, or its subscription is behind.
 */
final class Endings {
  /** Stands in the dead letter, as the other reasons do. */
  private static final String MISSING = "missing_from_log";

  private record Judgement(Delivery delivery, int number, long at) {}

  private final Owner owner;
  private final ArrayDeque<Judgement> judgements = new ArrayDeque<>();

  Endings(Owner owner) {
    this.owner = owner;
  }

  void ended(Delivery delivery, Outcome outcome, Owner.Answer answer, boolean opened) {
    Subscription subscription = delivery.subscription;
    owner.dispatch.finish(delivery);
    if (!subscription.active) {
      return;
    }
    boolean ends = outcome instanceof Outcome.Delivered || outcome instanceof Outcome.Dead;
    attempt(delivery, answer, ends);
    switch (outcome) {
      case Outcome.Delivered delivered -> delivered(delivery, answer);
      case Outcome.Retry retry -> retry(delivery, retry, opened);
      case Outcome.Throttled throttled -> {
        delivery.reason = throttled.reason();
        fail(delivery, throttled.until());
        owner.callbacks.down(subscription.callback, throttled.until());
      }
      case Outcome.Dead dead -> dead(delivery, dead.reason());
      case Outcome.Gone gone -> gone(delivery);
    }
    owner.callbacks.attempted(delivery);
    owner.behinds.recheck(subscription);
    owner.dispatch.ready(subscription);
  }

  private void attempt(Delivery delivery, Owner.Answer answer, boolean ends) {
    owner.flushes.attempt(
        new Attempt(
            delivery.update.id,
            delivery.subscription.id,
            delivery.number,
            delivery.startedAt,
            (int) (owner.now - delivery.startedAt),
            answer.status(),
            ends,
            answer.reason(),
            answer.body()));
  }

  private void delivered(Delivery delivery, Owner.Answer answer) {
    end(delivery);
    for (Update each : delivery.further) {
      Delivery with = owner.dispatch.with(delivery, each);
      if (with != null) {
        attempt(with, answer, true);
        end(with);
      }
    }
    owner.callbacks.up(delivery.subscription.callback);
  }

  /** It has an end; what remains is to flush it. */
  private void end(Delivery delivery) {
    delivery.state = State.ENDED;
    if (delivery.entry != null) {
      owner.retries.end(delivery.entry);
    }
    owner.flushes.end(delivery);
  }

  private void retry(Delivery delivery, Outcome.Retry retry, boolean opened) {
    if (!delivery.subscription.callback.down) {
      delivery.used++;
    }
    delivery.reason = retry.reason();
    fail(delivery, retry.at());
    if (opened) {
      owner.callbacks.down(delivery.subscription.callback, 0);
    }
  }

  private void fail(Delivery delivery, long at) {
    Subscription subscription = delivery.subscription;
    delivery.retryAt = at;
    if (delivery.entry != null) {
      delivery.state = State.ENDED;
      owner.retries.again(delivery.entry, delivery);
      return;
    }
    delivery.state = State.FAILED;
    subscription.failed++;
    if (subscription.strict()) {
      delivery.dueAt = at;
      owner.alarms.set(at, delivery);
      owner.behinds.put(subscription);
    } else {
      delivery.dueAt = Long.MAX_VALUE;
      judgements.add(new Judgement(delivery, delivery.number, owner.now + Limits.JUDGE));
    }
  }

  /** The breaker has had its time: what is not covered by a behind row becomes a retry row. */
  void judge() {
    for (Judgement first; (first = judgements.peek()) != null && first.at <= owner.now; ) {
      judgements.remove();
      Delivery delivery = first.delivery;
      Subscription subscription = delivery.subscription;
      if (delivery.state == State.FAILED
          && delivery.number == first.number
          && subscription.active
          && !subscription.strict()
          && !subscription.callback.down
          && !subscription.held) {
        subscription.failed--;
        delivery.state = State.ENDED;
        owner.retries.add(delivery);
        owner.flushes.end(delivery);
      }
    }
  }

  long nextJudgement() {
    Judgement first = judgements.peek();
    return first == null ? Long.MAX_VALUE : first.at;
  }

  private void dead(Delivery delivery, FailureReason reason) {
    Subscription subscription = delivery.subscription;
    end(delivery);
    owner.flushes.dead(
        new DeadRow(subscription.id, delivery.update.id, delivery.used + 1, reason.label()));
    if (subscription.strict()) {
      subscription.awaitsFlush = true;
      owner.flushes.awaited(subscription);
    }
    owner.orders.note(Note.DEAD_LETTER, subscription, delivery.update.id);
  }

  // --- what the log does not have any more ---

  /** Its bytes are gone for good, so it ends where everybody can see it, as R14 ends retries. */
  void missing(Delivery delivery) {
    if (delivery.state == State.FAILED) {
      delivery.subscription.failed--;
    }
    end(delivery);
    missing(delivery.subscription, delivery.update.id, delivery.used);
  }

  void missing(Retries.Entry entry) {
    entry.subscription.due.remove(entry);
    owner.retries.end(entry);
    missing(entry.subscription, entry.update, entry.used);
  }

  private void missing(Subscription subscription, long update, int attempts) {
    owner.flushes.dead(new DeadRow(subscription.id, update, attempts, MISSING));
    if (subscription.strict()) {
      subscription.awaitsFlush = true;
      owner.flushes.awaited(subscription);
    }
    owner.orders.note(Note.MISSING, subscription, update);
  }

  /** 410: counts only if its attempt began after the last (re)subscribe. */
  private void gone(Delivery delivery) {
    Subscription subscription = delivery.subscription;
    if (delivery.startedAt <= subscription.renewedAt || owner.changes.renewing(subscription)) {
      fail(delivery, owner.now + Limits.PROBE_FIRST);
      return;
    }
    owner.orders.note(Note.GONE, subscription, delivery.update.id);
    owner.changes.gone(subscription);
  }

  /** Strict or not any more: failures wait for other things than before, so they are tried now. */
  void reordered(Subscription subscription) {
    resume(subscription);
    owner.behinds.put(subscription);
    owner.behinds.recheck(subscription);
  }

  /** Failures that waited for their callback may start again, lowest first. */
  void resume(Subscription subscription) {
    for (Delivery each = subscription.openHead; each != null; each = each.nextOpen) {
      if (each.state == State.FAILED) {
        each.dueAt = owner.now;
      }
    }
    owner.dispatch.ready(subscription);
  }
}
