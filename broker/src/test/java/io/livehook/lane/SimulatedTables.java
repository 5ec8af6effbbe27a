package io.livehook.lane;

import io.livehook.lane.SimulatedWal.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of PROTOCOL's Rows, as far as the protocol needs them. */
final class SimulatedTables {
  final SimulatedWal wal = new SimulatedWal();
  final Table<Long, OwnerRow> owner = wal.new Table<>();
  final Table<Integer, LaneRow> lane = wal.new Table<>();
  final Table<Long, ResourceRow> resource = wal.new Table<>();
  final Table<Long, SubscriptionRow> subscription = wal.new Table<>();

  /** By resource and id. */
  final Table<Key, LogRow> log = wal.new Table<>();

  /** What retention has dropped of it, by id. */
  final Map<Long, LogRow> dropped = new HashMap<>();

  /** By resource and key. */
  final Table<String, AppendBatch.Stored> idempotency = wal.new Table<>();

  final Table<Long, BehindRow> behind = wal.new Table<>();

  // By subscription and update.
  final Table<Key, RetryRow> retry = wal.new Table<>();
  final Table<Key, FlushBatch.DeadRow> dead = wal.new Table<>();
  final Table<Key, FlushBatch.GapRow> gap = wal.new Table<>();
  final Table<Key, AttemptRows> attempt = wal.new Table<>();

  record OwnerRow(long id, int node, boolean ended) {}

  record LaneRow(int id, long owner, long watermark, long floor) {}

  /** With the newest row of its log, which a snapshot keeps when retention drops that. */
  record ResourceRow(
      long id,
      long tenant,
      String uri,
      int lane,
      long subVer,
      long sequence,
      @Nullable LogRow head) {}

  record SubscriptionRow(
      long id,
      long resource,
      int lane,
      String publicId,
      String label,
      SubscriptionOptions options,
      long fromVer,
      boolean active) {
    boolean owed(LogRow row) {
      return active && fromVer <= row.subVer() && options.mode().suits(row.kind());
    }
  }

  record BehindRow(int lane, long since, BehindReason reason, long probeAt) {}

  record RetryRow(long subscription, long update, int lane, int attempts, long at) {}

  /** The attempts of one delivery: the highest number, and how many closed it. */
  record AttemptRows(long subscription, long update, int number, int ends) {}

  /** A composite key. */
  record Key(long first, long second) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = Long.compare(first, other.first);
      return order == 0 ? Long.compare(second, other.second) : order;
    }
  }

  boolean ended(long subscription, long update) {
    AttemptRows rows = attempt.get(new Key(subscription, update));
    return rows != null && rows.ends > 0;
  }

  boolean inGap(long subscription, long update) {
    for (FlushBatch.GapRow each :
        gap.between(new Key(subscription, 0), new Key(subscription, update)).values()) {
      if (each.from() < update && update <= each.to()) {
        return true;
      }
    }
    return false;
  }

  /** It has an end that anyone can see. */
  boolean resolved(long subscription, long update) {
    return ended(subscription, update)
        || dead.has(new Key(subscription, update))
        || inGap(subscription, update);
  }

  /**
   * Where recovery would go on for a subscription: what is at or below it must be accounted for.
   */
  long bound(SubscriptionRow row) {
    BehindRow pause = behind.get(row.id);
    return pause == null ? laneRow(row.lane).watermark : pause.since;
  }

  long lowestFloor() {
    long floor = Long.MAX_VALUE;
    for (LaneRow each : lane.values()) {
      floor = Math.min(floor, each.floor);
    }
    return floor;
  }

  LaneRow laneRow(int number) {
    return known(lane.get(number));
  }

  static <T> T known(@Nullable T row) {
    if (row == null) {
      throw new IllegalStateException("no such row");
    }
    return row;
  }

  List<LogRow> logOf(long resourceId, long above, long through) {
    if (above >= through) {
      return List.of();
    }
    return new ArrayList<>(
        log.between(new Key(resourceId, above + 1), new Key(resourceId, through)).values());
  }

  @Nullable LogRow newest(long resourceId) {
    var last = log.last(new Key(resourceId, 0), new Key(resourceId, Long.MAX_VALUE));
    return last == null ? null : last.getValue();
  }

  @Nullable LogRow update(long id) {
    for (ResourceRow each : resource.values()) {
      LogRow row = each.lane == LaneIds.laneOf(id) ? log.get(new Key(each.id, id)) : null;
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  List<SubscriptionRow> active(int laneNumber) {
    List<SubscriptionRow> found = new ArrayList<>();
    for (SubscriptionRow each : subscription.values()) {
      if (each.active && each.lane == laneNumber) {
        found.add(each);
      }
    }
    return found;
  }

  /** The highest number or bound in use in a lane besides its log. */
  long highest(int laneNumber) {
    long highest = 0;
    for (ResourceRow each : resource.values()) {
      highest = each.lane == laneNumber ? Math.max(highest, each.id) : highest;
    }
    for (SubscriptionRow each : subscription.values()) {
      highest = each.lane == laneNumber ? Math.max(highest, each.id) : highest;
    }
    for (BehindRow each : behind.values()) {
      highest = each.lane() == laneNumber ? Math.max(highest, each.since()) : highest;
    }
    return highest;
  }
}
