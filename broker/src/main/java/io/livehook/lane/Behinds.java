package io.livehook.lane;

import io.livehook.lane.FlushBatch.BehindRow;
import io.livehook.lane.FlushBatch.GapRow;
import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.Orders.Note;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * R9: one row for a subscription that does not follow the watermark, however much it is owed.
 *
 * <pre>
 *            put                 flushed                 caught up, and lowest open > W sent
 *   live ──────────▶ row sent ────────────▶ uncounted ──────────────────────────────▶ live
 *   (counts for W)   (still counts)         (its row remembers)     (counts; row deleted)
 * </pre>
 */
final class Behinds {
  private final Owner owner;

  /** Rows to write, and those that exist or may exist. */
  private final Set<Subscription> queue = new LinkedHashSet<>();

  private final Set<Subscription> rows = new LinkedHashSet<>();
  private final Set<Subscription> ended = new LinkedHashSet<>();

  Behinds(Owner owner) {
    this.owner = owner;
  }

  boolean pending() {
    return !queue.isEmpty() || !ended.isEmpty();
  }

  private static @Nullable BehindReason reason(Subscription subscription) {
    if (subscription.held) {
      return BehindReason.HELD;
    }
    if (subscription.callback.down) {
      return BehindReason.DOWN;
    }
    if (subscription.strict() && subscription.failed > 0) {
      return BehindReason.BLOCKED;
    }
    for (Delivery each : subscription.attempts) {
      if (each.slow) {
        return BehindReason.SLOW;
      }
    }
    return null;
  }

  /** It may have come to be behind, or for another reason than before. */
  void put(Subscription subscription) {
    BehindReason reason = reason(subscription);
    if (reason != null && reason != subscription.behind && subscription.active) {
      put(subscription, reason);
    }
  }

  private void put(Subscription subscription, BehindReason reason) {
    subscription.behind = reason;
    subscription.version++;
    ended.remove(subscription);
    queue.add(subscription);
    owner.flushes.touch();
  }

  /** Its row is in the table since a change by hand committed; what runs may end. */
  void held(Subscription subscription, long since) {
    subscription.held = true;
    subscription.behind = BehindReason.HELD;
    subscription.version++;
    ended.remove(subscription);
    queue.remove(subscription);
    subscription.since = since;
    rows.add(subscription);
    if (!subscription.uncounted) {
      owner.subscriptions.uncount(subscription);
    }
  }

  /** Where a hold by hand lets its row start: below everything open or due. */
  long boundToHold(Subscription subscription) {
    return Math.max(lowerBound(subscription), subscription.since);
  }

  /** Held no longer: it catches up from where it is. */
  void released(Subscription subscription) {
    subscription.held = false;
    subscription.behind = BehindReason.SPILLED;
    subscription.version++;
    put(subscription);
    owner.endings.resume(subscription);
    recheck(subscription);
  }

  /** As the table had it before this owner. */
  void restore(Subscription subscription, LoadedBehind row) {
    subscription.behind = row.reason();
    subscription.since = row.since();
    subscription.sinceAt = owner.now;
    rows.add(subscription);
    if (row.reason() == BehindReason.HELD) {
      subscription.held = true;
    }
    if (row.reason() == BehindReason.DOWN) {
      owner.callbacks.restoreDown(subscription.callback);
    }
  }

  boolean hasRow(Subscription subscription) {
    return rows.contains(subscription) || queue.contains(subscription);
  }

  /** Puts what is due into a flush. */
  void into(FlushBatch batch) {
    boolean again = !batch.behind.isEmpty() || !batch.behindEnded.isEmpty();
    for (var each = queue.iterator(); each.hasNext(); ) {
      if (batch.behind.size() >= Limits.BEHIND_PER_FLUSH) {
        break;
      }
      Subscription subscription = each.next();
      each.remove();
      BehindReason reason = subscription.behind;
      if (reason != null) {
        long since = Math.max(lowerBound(subscription), subscription.since);
        subscription.since = since;
        subscription.sinceAt = owner.now;
        rows.add(subscription);
        if (again) {
          batch.forgetBehind(subscription);
        }
        batch.behind.add(
            new BehindRow(
                subscription,
                since,
                reason,
                subscription.callback.down ? subscription.callback.probeAt : 0,
                subscription.version));
      }
    }
    for (Subscription each : ended) {
      if (again) {
        batch.forgetBehind(each);
      }
      batch.behindEnded.add(each.id);
      rows.remove(each);
    }
    ended.clear();
  }

  /** A row is in the table: from now on it remembers for its subscription. */
  void flushed(BehindRow row) {
    Subscription subscription = row.subscription();
    if (subscription.active
        && subscription.behind != null
        && subscription.version == row.version()
        && !subscription.uncounted) {
      owner.subscriptions.uncount(subscription);
    }
    recheck(subscription);
  }

  /** Never above anything open, nor above the next one due (R9). */
  private long lowerBound(Subscription subscription) {
    Delivery lowest = subscription.lowestOpen();
    if (lowest != null) {
      return Math.min(lowest.update.id - 1, subscription.cursor);
    }
    return nothingDue(subscription) ? subscription.resource.lane.tail : subscription.cursor;
  }

  private static boolean nothingDue(Subscription subscription) {
    if (!subscription.uncounted) {
      return subscription.next == null;
    }
    return subscription.cursor >= subscription.resource.chainLow
        && subscription.resource.inChainAfter(subscription.cursor) == null;
  }

  /** It may have caught up: then its row is deleted and it counts for the watermark again. */
  void recheck(Subscription subscription) {
    if (subscription.behind == null
        || !subscription.active
        || reason(subscription) != null
        || !caughtUp(subscription)) {
      return;
    }
    subscription.behind = null;
    subscription.since = 0;
    subscription.version++;
    queue.remove(subscription);
    if (rows.contains(subscription)) {
      ended.add(subscription);
      owner.flushes.touch();
    }
    if (subscription.uncounted) {
      owner.subscriptions.count(subscription);
    }
  }

  /** Nothing of it is open or unflushed at or below the highest watermark ever sent. */
  private static boolean caughtUp(Subscription subscription) {
    if (subscription.uncounted && subscription.cursor < subscription.resource.chainLow) {
      return false;
    }
    Delivery lowest = subscription.openHead;
    return lowest == null || lowest.update.id > subscription.resource.lane.watermark.sent;
  }

  void forget(Subscription subscription) {
    queue.remove(subscription);
    rows.remove(subscription);
    ended.remove(subscription);
  }

  /** Rewrites rows whose bound has moved, and spills what the watermark has waited for too long. */
  void tick() {
    for (Subscription each : rows) {
      if (each.behind != null && owner.now - each.sinceAt >= Limits.BEHIND_EVERY) {
        recheckOrMove(each);
      }
    }
    for (@Nullable Lane lane : owner.lanes()) {
      if (lane != null) {
        spill(lane);
      }
    }
  }

  private void recheckOrMove(Subscription subscription) {
    recheck(subscription);
    if (subscription.behind == null) {
      return;
    }
    // Perhaps nothing in its way is owed to it, so that no update wakes it: its cursor has to move.
    owner.dispatch.ready(subscription);
    long bound = lowerBound(subscription);
    boolean idle = nothingDue(subscription) && subscription.lowestOpen() == null;
    long worth = idle ? 60_000 : 0;
    if (LaneIds.millisecond(bound) - LaneIds.millisecond(subscription.since) > worth) {
      queue.add(subscription);
      owner.flushes.touch();
    }
  }

  private void spill(Lane lane) {
    Update oldest = lane.watermark.oldestUnresolved();
    if (oldest == null || owner.now - LaneIds.millisecond(oldest.id) < Limits.SPILL) {
      return;
    }
    int spilled = 0;
    for (Subscription each : oldest.resource.subscriptions) {
      if (!each.uncounted
          && each.behind == null
          && spilled < Limits.BEHIND_PER_FLUSH
          && lowerBound(each) < oldest.id) {
        put(each, BehindReason.SPILLED);
        spilled++;
      }
    }
  }

  /** What retention overtakes ends as a gap. */
  void overtake(long through) {
    for (Subscription each : List.copyOf(rows)) {
      long horizon = committed(each, through);
      if (each.active && each.uncounted && each.since < horizon && each.attempts.isEmpty()) {
        if (lowerBound(each) < horizon) {
          gap(each, horizon, "retention");
        } else {
          queue.add(each);
          owner.flushes.touch();
        }
      }
    }
  }

  /** The lowest bound of a lane's rows as last sent, or {@link Long#MAX_VALUE}. */
  long lowestSince(Lane lane) {
    long lowest = Long.MAX_VALUE;
    for (Subscription each : rows) {
      if (each.resource.lane == lane) {
        lowest = Math.min(lowest, each.since);
      }
    }
    return lowest;
  }

  /** What a callback that is down has been owed for longer than its schedule ends as a gap. */
  void giveUp(Callback callback) {
    if (!callback.down) {
      return;
    }
    for (Subscription each : callback.subscriptions) {
      long horizon =
          committed(each, LaneIds.bound(owner.now - each.giveUpAfter(owner.limits.giveUpAfter())));
      if (each.uncounted && lowerBound(each) < horizon && each.attempts.isEmpty()) {
        gap(each, horizon, "given_up");
      }
    }
  }

  /** No gap reaches above the tail: an update that is still being appended is none of it. */
  private static long committed(Subscription subscription, long bound) {
    return Math.min(bound, subscription.resource.lane.tail);
  }

  /** Everything it is owed in (since, to] ends, visibly (R13, R14). */
  void gap(Subscription subscription, long to, String reason) {
    long from = lowerBound(subscription);
    for (Delivery each = subscription.openHead; each != null; ) {
      Delivery following = each.nextOpen;
      if (each.state == Delivery.State.FAILED && each.update.id <= to) {
        subscription.failed--;
        each.state = Delivery.State.ENDED;
        subscription.close(each);
        owner.subscriptions.letGo(each);
      }
      each = following;
    }
    subscription.cursor = Math.max(subscription.cursor, to);
    subscription.awaitsFlush = true;
    owner.flushes.gap(
        subscription, new GapRow(subscription.id, subscription.resource.id, from, to, reason));
    queue.add(subscription);
    owner.orders.note(Note.GAP, subscription, to);
  }
}
