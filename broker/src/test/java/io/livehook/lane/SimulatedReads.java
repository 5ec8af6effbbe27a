package io.livehook.lane;

import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.LoadBatch.LoadedResource;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import io.livehook.lane.LogRead.RecoveredAttempt;
import io.livehook.lane.SimulatedTables.AttemptRows;
import io.livehook.lane.SimulatedTables.BehindRow;
import io.livehook.lane.SimulatedTables.Key;
import io.livehook.lane.SimulatedTables.LaneRow;
import io.livehook.lane.SimulatedTables.ResourceRow;
import io.livehook.lane.SimulatedTables.RetryRow;
import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The reading statements: each a snapshot of the moment at which it is executed. */
final class SimulatedReads {
  private final SimulatedTables tables;
  private final Breach breach;

  SimulatedReads(SimulatedTables tables, Breach breach) {
    this.tables = tables;
    this.breach = breach;
  }

  /** In the order asked; null elements do not exist. */
  List<@Nullable LoadedResource> load(LoadBatch batch) {
    List<@Nullable LoadedResource> loaded = new ArrayList<>();
    for (Resource each : batch.resources()) {
      ResourceRow row =
          each.id() == 0 ? byKey(each.tenant(), each.uri()) : tables.resource.get(each.id());
      loaded.add(row == null ? null : load(row));
    }
    return loaded;
  }

  @Nullable ResourceRow byKey(long tenant, String uri) {
    for (ResourceRow each : tables.resource.values()) {
      if (each.tenant() == tenant && each.uri().equals(uri)) {
        return each;
      }
    }
    return null;
  }

  private LoadedResource load(ResourceRow row) {
    List<LoadedSubscription> subscriptions = new ArrayList<>();
    for (SubscriptionRow each : tables.subscription.values()) {
      if (each.active() && each.resource() == row.id()) {
        BehindRow behind = tables.behind.get(each.id());
        subscriptions.add(
            new LoadedSubscription(
                each.id(),
                each.publicId(),
                each.label(),
                each.options(),
                each.fromVer(),
                behind == null
                    ? null
                    : new LoadedBehind(behind.reason(), behind.since(), behind.probeAt())));
      }
    }
    LogRow head = row.head();
    return new LoadedResource(
        row.id(),
        row.tenant(),
        row.uri(),
        row.subVer(),
        row.sequence(),
        head != null && head.kind() != UpdateKind.DELETED,
        head == null ? null : head.etag(),
        head == null ? 0 : head.id(),
        head == null ? null : head.place(),
        subscriptions);
  }

  /** A page of at most so many rows, and what is known of them. */
  LogRead.Result log(LogRead read, int most) {
    List<LogRow> rows = tables.logOf(read.resource().id(), read.from(), read.to());
    int limit = Math.min(most, read.limit());
    boolean complete = rows.size() < limit;
    List<LogRow> page = rows.size() > limit ? new ArrayList<>(rows.subList(0, limit)) : rows;
    List<RecoveredAttempt> known = new ArrayList<>();
    for (LogRow row : page) {
      for (long subscription : read.recovered()) {
        known(subscription, row.id(), known);
      }
    }
    return new LogRead.Result(page, complete, known);
  }

  private void known(long subscription, long update, List<RecoveredAttempt> known) {
    Key key = new Key(subscription, update);
    AttemptRows rows = tables.attempt.get(key);
    if (rows != null) {
      known.add(new RecoveredAttempt(subscription, update, rows.number(), rows.ends() > 0));
    }
    RetryRow waiting = tables.retry.get(key);
    if (waiting != null) {
      known.add(new RecoveredAttempt(subscription, update, waiting.attempts(), true));
    }
    if (tables.inGap(subscription, update)) {
      known.add(new RecoveredAttempt(subscription, update, 0, true));
    }
  }

  /** Waiting retries of these lanes due until then, the first so many. */
  List<Retries.Waiting> retries(int[] lanes, long until, int most) {
    List<Retries.Waiting> found = new ArrayList<>();
    for (RetryRow each : tables.retry.values()) {
      if (each.at() <= until && contains(lanes, each.lane())) {
        AttemptRows rows = tables.attempt.get(new Key(each.subscription(), each.update()));
        SubscriptionRow of = SimulatedTables.known(tables.subscription.get(each.subscription()));
        int number = rows == null ? each.attempts() : rows.number();
        found.add(
            new Retries.Waiting(
                each.subscription(),
                of.resource(),
                each.lane(),
                each.update(),
                each.attempts(),
                number,
                each.at()));
      }
    }
    found.sort(Comparator.comparingLong(Retries.Waiting::at));
    return found.size() > most ? new ArrayList<>(found.subList(0, most)) : found;
  }

  private static boolean contains(int[] lanes, int lane) {
    for (int each : lanes) {
      if (each == lane) {
        return true;
      }
    }
    return false;
  }

  /** R4 (3): what a new owner finds of a lane. */
  LaneSnapshot snapshot(int number) {
    LaneRow lane = tables.laneRow(number);
    List<LogRow> above = new ArrayList<>();
    TreeSet<Long> troubled = new TreeSet<>();
    for (ResourceRow each : tables.resource.values()) {
      if (each.lane() == number) {
        tables
            .logOf(each.id(), lane.watermark(), Long.MAX_VALUE - 1)
            .forEach(r -> above.add(head(r)));
      }
    }
    above.sort(Comparator.comparingLong(LogRow::id));
    List<RecoveredAttempt> done = new ArrayList<>();
    for (AttemptRows each : tables.attempt.values()) {
      if (LaneIds.laneOf(each.update()) == number && each.update() > lane.watermark()) {
        boolean ended = each.ends() > 0 && breach != Breach.DONE_NOT_READ;
        done.add(new RecoveredAttempt(each.subscription(), each.update(), each.number(), ended));
      }
    }
    for (RetryRow each : tables.retry.values()) {
      if (each.lane() == number && each.update() > lane.watermark()) {
        if (breach != Breach.RETRIES_NOT_READ) {
          done.add(new RecoveredAttempt(each.subscription(), each.update(), each.attempts(), true));
        }
        troubled.add(resourceOf(each.subscription()));
      }
    }
    for (SubscriptionRow each : tables.active(number)) {
      for (LogRow row : above) {
        if (row.resource() == each.resource() && tables.inGap(each.id(), row.id())) {
          done.add(new RecoveredAttempt(each.id(), row.id(), 0, true));
        }
      }
      if (tables.behind.has(each.id())) {
        troubled.add(each.resource());
      }
    }
    long newest = above.isEmpty() ? 0 : above.get(above.size() - 1).id();
    long tail = Math.max(lane.watermark(), newest);
    if (breach != Breach.IDS_FROM_CLOCK) {
      tail = Math.max(tail, tables.highest(number));
    }
    return new LaneSnapshot(
        number,
        lane.watermark(),
        tail,
        above,
        done,
        troubled.stream().mapToLong(Long::longValue).toArray());
  }

  private long resourceOf(long subscription) {
    return SimulatedTables.known(tables.subscription.get(subscription)).resource();
  }

  private static LogRow head(LogRow row) {
    return new LogRow(
        row.id(),
        row.resource(),
        row.subVer(),
        row.sequence(),
        row.kind(),
        row.etag(),
        row.contentType(),
        row.headers(),
        null);
  }
}
