package io.livehook.lane;

import io.livehook.lane.SimulatedTables.Key;
import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * R10 asked of the tables after every statement, as if everybody crashed now: each update at or
 * below a subscription's bound has, if it is owed, an end or a waiting retry.
 */
final class DatabaseRules {
  private final SimulatedTables tables;

  /** Per active subscription what it is owed and has no end. */
  private final Map<Long, TreeSet<Long>> owed = new HashMap<>();

  DatabaseRules(SimulatedTables tables) {
    this.tables = tables;
  }

  void appended(LogRow row) {
    for (SubscriptionRow each : tables.subscription.values()) {
      if (each.resource() == row.resource() && each.owed(row)) {
        of(each.id()).add(row.id());
        check(each);
      }
    }
  }

  /** PUSH-3: each update of a collection names the one before, and changes follow the last ones. */
  void chained(@Nullable LogRow before, LogRow row, Submission.Push push) {
    Place place = row.place();
    Place last = before == null ? null : before.place();
    if (place == null) {
      if (last != null || row.kind() == UpdateKind.CHANGES) {
        throw new Violation("PUSH-3: update " + row.id() + " has no place in the chain");
      }
      return;
    }
    boolean changes = row.kind() == UpdateKind.CHANGES;
    if (place.previous() != (before == null ? 0 : before.id())) {
      throw new Violation("PUSH-3: update " + row.id() + " follows " + place.previous());
    }
    String accepted = last == null ? null : last.changesId();
    if (changes && accepted != null && !accepted.equals(push.previousChangesId)) {
      throw new Violation("PUSH-3: " + row.id() + " does not follow the changes " + accepted);
    }
    long value = last != null ? last.value() : before == null ? 0 : before.id();
    if (place.value() != (Mode.VALUE.suits(row.kind()) ? row.id() : value)) {
      throw new Violation("CH-1: update " + row.id() + " builds on the value " + place.value());
    }
    long sequence = last == null ? 0 : last.sequence();
    if (place.sequence() < sequence + (Mode.CHANGES.suits(row.kind()) ? 1 : 0)) {
      throw new Violation("R7: sequence of changes of " + row.id() + " does not grow");
    }
  }

  void created(SubscriptionRow row) {
    LogRow newest = tables.newest(row.resource());
    if (newest != null && newest.subVer() >= row.fromVer()) {
      throw new Violation("P2: subscription " + row.id() + " is owed what it did not ask for");
    }
  }

  void ended(long subscription) {
    owed.remove(subscription);
    if (tables.behind.has(subscription)
        || !tables
            .retry
            .between(new Key(subscription, 0), new Key(subscription, Long.MAX_VALUE))
            .isEmpty()) {
      throw new Violation("R12: rows left of the ended subscription " + subscription);
    }
  }

  /** A delivery may have come to an end, or lost it. */
  void touched(long subscription, long update) {
    SubscriptionRow row = tables.subscription.get(subscription);
    if (row == null || !row.active()) {
      return;
    }
    if (tables.resolved(subscription, update)) {
      of(subscription).remove(update);
    } else {
      LogRow log = tables.log.get(new Key(row.resource(), update));
      if (log != null && row.owed(log)) {
        of(subscription).add(update);
      }
    }
  }

  void gap(FlushBatch.GapRow gap) {
    of(gap.subscription()).subSet(gap.from(), false, gap.to(), true).clear();
  }

  /** Everything, after commits were lost. */
  void rebuild() {
    owed.clear();
    for (SubscriptionRow each : tables.subscription.values()) {
      if (each.active()) {
        for (LogRow row : tables.logOf(each.resource(), 0, Long.MAX_VALUE - 1)) {
          if (each.owed(row) && !tables.resolved(each.id(), row.id())) {
            of(each.id()).add(row.id());
          }
        }
        check(each);
      }
    }
  }

  void check(long subscription) {
    SubscriptionRow row = tables.subscription.get(subscription);
    if (row == null) {
      throw new Violation("a row of no subscription: " + subscription);
    }
    if (row.active()) {
      check(row);
    } else if (tables.behind.has(subscription)) {
      throw new Violation("P12: behind row of the ended subscription " + subscription);
    }
  }

  void checkLane(int lane) {
    for (SubscriptionRow each : tables.active(lane)) {
      check(each);
    }
  }

  private void check(SubscriptionRow row) {
    NavigableSet<Long> open = owed.get(row.id());
    if (open == null || open.isEmpty()) {
      return;
    }
    for (Long update : open.headSet(tables.bound(row), true)) {
      if (!tables.retry.has(new Key(row.id(), update))) {
        throw new Violation(
            "P1: lost if everybody crashes now: update "
                + update
                + " of subscription "
                + row.id()
                + " has no end and no retry row at or below "
                + (tables.behind.has(row.id()) ? "since " : "the watermark ")
                + tables.bound(row));
      }
    }
  }

  /** What a subscription is owed without an end at or below a bound; null = none. */
  @Nullable Long lowestOwed(long subscription) {
    TreeSet<Long> open = owed.get(subscription);
    return open == null || open.isEmpty() ? null : open.first();
  }

  private TreeSet<Long> of(long subscription) {
    return owed.computeIfAbsent(subscription, id -> new TreeSet<>());
  }
}
