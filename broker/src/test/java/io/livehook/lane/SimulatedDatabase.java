package io.livehook.lane;

import io.livehook.lane.AppendBatch.Line;
import io.livehook.lane.AppendBatch.Stored;
import io.livehook.lane.SimulatedTables.AttemptRows;
import io.livehook.lane.SimulatedTables.BehindRow;
import io.livehook.lane.SimulatedTables.Key;
import io.livehook.lane.SimulatedTables.LaneRow;
import io.livehook.lane.SimulatedTables.OwnerRow;
import io.livehook.lane.SimulatedTables.ResourceRow;
import io.livehook.lane.SimulatedTables.RetryRow;
import io.livehook.lane.SimulatedTables.SubscriptionRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writing statements of PROTOCOL. Each is one transaction, fenced by its owner's row (null:
 * fenced, nothing was written), and is followed by {@link DatabaseRules}.
 */
final class SimulatedDatabase {
  final SimulatedTables tables = new SimulatedTables();
  final DatabaseRules rules = new DatabaseRules(tables);
  private final SimulatedChanges changes;
  private final Breach breach;

  /** Subscriptions that a transaction has touched. */
  private final Set<Long> touched = new HashSet<>();

  /** The newest update, resource and subscription per lane, and all numbers in use. */
  private final long[] newest;

  private final long[] newestResource;

  private final Set<Long> numbers = new HashSet<>();
  private long epochs;
  long now;

  /** PostgreSQL refuses a statement and rolls it back. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final boolean content;

    Refused(boolean content) {
      super(content ? "22021" : "53100", null, false, false);
      this.content = content;
    }
  }

  SimulatedDatabase(int lanes, Breach breach) {
    this.breach = breach;
    this.newest = new long[lanes];
    this.newestResource = new long[lanes];
    this.changes = new SimulatedChanges(this, lanes, breach);
    for (int i = 0; i < lanes; i++) {
      tables.lane.put(i, new LaneRow(i, 0, 0, 0));
    }
    tables.wal.commit(true, 0);
  }

  boolean living(long owner) {
    OwnerRow row = tables.owner.get(owner);
    return row != null && !row.ended();
  }

  private boolean fenced(long owner, Breach without) {
    return !living(owner) && breach != without;
  }

  private void commit(boolean synchronous) {
    tables.wal.commit(synchronous, now);
    touched.forEach(rules::check);
    touched.clear();
  }

  /** The newest update of a lane that there ever was. */
  long newest(int lane) {
    return newest[lane];
  }

  // --- R1, R4 ---

  long signOn(int node) {
    long id = ++epochs;
    tables.owner.put(id, new OwnerRow(id, node, false));
    commit(true);
    return id;
  }

  void end(long owner) {
    OwnerRow row = tables.owner.get(owner);
    if (row != null && !row.ended()) {
      tables.owner.put(owner, new OwnerRow(owner, row.node(), true));
      commit(true);
    }
  }

  /** Takes a lane from an owner that has ended; false if somebody else has it. */
  boolean adopt(int lane, long from, long owner) {
    LaneRow row = tables.laneRow(lane);
    if (row.owner() != from || living(from)) {
      return false;
    }
    tables.lane.put(lane, new LaneRow(lane, owner, row.watermark(), row.floor()));
    commit(true);
    return true;
  }

  /** A clean hand-over: the owner ends and its lanes are free; false if it had ended. */
  boolean release(long owner) {
    if (!living(owner)) {
      return false;
    }
    end(owner);
    for (LaneRow row : List.copyOf(tables.lane.values())) {
      if (row.owner() == owner) {
        tables.lane.put(row.id(), new LaneRow(row.id(), 0, row.watermark(), row.floor()));
      }
    }
    commit(true);
    return true;
  }

  // --- R6 ---

  AppendBatch.@Nullable Result append(long owner, AppendBatch batch) {
    if (fenced(owner, Breach.APPEND_UNFENCED)) {
      return null;
    }
    if (batch.lines().stream().anyMatch(line -> poisoned(line.push()))) {
      throw new Refused(true);
    }
    for (Resource each : batch.created()) {
      create(each, each.id(), newestResource);
    }
    List<@Nullable Stored> lost = new ArrayList<>();
    boolean any = false;
    for (Line line : batch.lines()) {
      Stored stored = stored(line);
      any |= stored != null;
      lost.add(stored);
      if (stored == null) {
        insert(line);
      }
    }
    commit(true);
    return new AppendBatch.Result(any ? lost : null);
  }

  static boolean poisoned(Submission.Push push) {
    return "poison".equals(push.etag);
  }

  /** Ids grow among those made on one connection: appends and changes have one each. */
  void create(Resource made, long id, long[] newestMade) {
    for (ResourceRow each : tables.resource.values()) {
      if (each.tenant() == made.tenant() && each.uri().equals(made.uri())) {
        throw new Violation("R6: resource inserted twice: " + made.uri());
      }
    }
    number(made.lane(), id, newestMade);
    tables.resource.put(
        id, new ResourceRow(id, made.tenant(), made.uri(), made.lane(), 0, 0, null));
  }

  private @Nullable Stored stored(Line line) {
    String key = line.push().idempotencyKey;
    if (key == null || breach == Breach.KEYS_UNCHECKED) {
      return null;
    }
    String stored = line.update().resource.id() + "/" + key;
    Stored before = tables.idempotency.get(stored);
    if (before == null) {
      byte[] hash = SimulatedTables.known(line.push().bodyHash);
      tables.idempotency.put(stored, new Stored(line.update().id, hash));
    }
    return before;
  }

  private void insert(Line line) {
    Update update = line.update();
    ResourceRow resource = SimulatedTables.known(tables.resource.get(update.resource.id()));
    number(resource.lane(), update.id, newest);
    if (update.id <= tables.laneRow(resource.lane()).watermark()) {
      throw new Violation("ID: update " + update.id + " at or below the watermark");
    }
    boolean changes = update.kind == UpdateKind.CHANGES;
    if (update.sequence < resource.sequence() + (changes ? 0 : 1)) {
      throw new Violation(
          "R7: sequence " + update.sequence + " of " + update.id + " does not grow");
    }
    LogRow row =
        new LogRow(
            update.id,
            resource.id(),
            update.subVer,
            update.sequence,
            update.kind,
            update.etag,
            update.contentType,
            update.headers,
            null,
            update.place,
            line.push().body);
    rules.chained(resource.head(), row, line.push());
    tables.resource.put(
        resource.id(),
        new ResourceRow(
            resource.id(),
            resource.tenant(),
            resource.uri(),
            resource.lane(),
            resource.subVer(),
            update.sequence,
            row));
    tables.log.put(new Key(resource.id(), update.id), row);
    rules.appended(row);
  }

  static ResourceRow withVersion(ResourceRow row, long version, long sequence) {
    return new ResourceRow(
        row.id(), row.tenant(), row.uri(), row.lane(), version, sequence, row.head());
  }

  void number(int lane, long id, long[] newestOfLane) {
    if (LaneIds.laneOf(id) != lane || !numbers.add(id)) {
      throw new Violation("ID: " + id + " is used twice, or not of lane " + lane);
    }
    if (id <= newestOfLane[lane]) {
      throw new Violation("ID: " + id + " below a newer one of its lane: " + newestOfLane[lane]);
    }
    newestOfLane[lane] = id;
  }

  // --- R11 ---

  /** False: fenced. */
  boolean flush(long owner, FlushBatch batch) {
    if (fenced(owner, Breach.FLUSH_UNFENCED)) {
      return false;
    }
    if (breach == Breach.FLUSH_IN_PIECES) {
      behind(batch);
      commit(batch.sync);
    }
    for (FlushBatch.Attempt each : batch.attempts) {
      attempt(each);
    }
    for (FlushBatch.RetryKey each : batch.retriesEnded) {
      tables.retry.remove(new Key(each.subscription(), each.update()));
      touch(each.subscription(), each.update());
    }
    for (FlushBatch.RetryRow each : batch.retries) {
      retry(each);
    }
    for (FlushBatch.DeadRow each : batch.dead) {
      tables.dead.put(new Key(each.subscription(), each.update()), each);
      touch(each.subscription(), each.update());
    }
    for (FlushBatch.GapRow each : batch.gaps) {
      tables.gap.put(new Key(each.subscription(), each.from()), each);
      touched.add(each.subscription());
      rules.gap(each);
    }
    behind(batch);
    commit(batch.sync && breach != Breach.FLUSH_ASYNCHRONOUS);
    return true;
  }

  private void behind(FlushBatch batch) {
    for (Long each : batch.behindEnded) {
      tables.behind.remove(each);
      touched.add(each);
    }
    for (FlushBatch.BehindRow each : batch.behind) {
      Subscription of = each.subscription();
      tables.behind.put(
          of.id, new BehindRow(of.resource.lane(), each.since(), each.reason(), each.probeAt()));
      touched.add(of.id);
    }
  }

  private void attempt(FlushBatch.Attempt row) {
    Key key = new Key(row.subscription(), row.update());
    AttemptRows before = tables.attempt.get(key);
    int number = before == null ? row.number() : Math.max(before.number(), row.number());
    int ends = (before == null ? 0 : before.ends()) + (row.ended() ? 1 : 0);
    if (ends > 1 && !changes.redelivered(key)) {
      throw new Violation("P12: two ends of update " + key.second() + " for " + key.first());
    }
    tables.attempt.put(key, new AttemptRows(key.first(), key.second(), number, ends));
    touch(key.first(), key.second());
  }

  private void retry(FlushBatch.RetryRow row) {
    Key key = new Key(row.subscription(), row.update());
    tables.retry.put(
        key, new RetryRow(key.first(), key.second(), row.lane(), row.attempts(), row.nextAt()));
    touch(key.first(), key.second());
    SubscriptionRow of = tables.subscription.get(row.subscription());
    if (of == null || !of.active()) {
      throw new Violation("P12: retry row of the ended subscription " + row.subscription());
    }
  }

  void touch(long subscription) {
    touched.add(subscription);
  }

  void touch(long subscription, long update) {
    touched.add(subscription);
    rules.touched(subscription, update);
  }

  // --- R10, R14 ---

  /** False: fenced. */
  boolean watermark(long owner, int[] lanes, long[] watermarks) {
    if (fenced(owner, Breach.FLUSH_UNFENCED)) {
      return false;
    }
    for (int i = 0; i < lanes.length; i++) {
      LaneRow row = tables.laneRow(lanes[i]);
      if (row.owner() != owner && breach == Breach.NONE) {
        return false;
      }
      if (watermarks[i] < row.watermark() && breach == Breach.NONE) {
        throw new Violation("R10: the watermark of lane " + lanes[i] + " falls");
      }
      tables.lane.put(lanes[i], new LaneRow(row.id(), row.owner(), watermarks[i], row.floor()));
    }
    commit(false);
    for (int each : lanes) {
      rules.checkLane(each);
    }
    return true;
  }

  /** False: fenced. */
  boolean retain(long owner, int[] lanes, long[] floors) {
    if (fenced(owner, Breach.FLUSH_UNFENCED)) {
      return false;
    }
    for (int i = 0; i < lanes.length; i++) {
      int lane = lanes[i];
      long floor = floors[i];
      for (RetryRow each : List.copyOf(tables.retry.values())) {
        if (each.lane() == lane && each.update() <= floor) {
          Key key = new Key(each.subscription(), each.update());
          tables.retry.remove(key);
          if (!tables.dead.has(key)) {
            tables.dead.put(
                key,
                new FlushBatch.DeadRow(key.first(), key.second(), each.attempts(), "retention"));
          }
          touch(key.first(), key.second());
        }
      }
      LaneRow row = tables.laneRow(lane);
      for (BehindRow each : tables.behind.values()) {
        boolean bounds = each.lane() == lane && breach != Breach.FLOORS_AS_GIVEN;
        floor = bounds ? Math.min(floor, each.since()) : floor;
      }
      tables.lane.put(
          lane, new LaneRow(lane, row.owner(), row.watermark(), Math.max(row.floor(), floor)));
    }
    commit(true);
    return true;
  }

  /** Drops the log below the lowest floor; how many rows. */
  int dropLog() {
    long floor = Long.MAX_VALUE;
    for (LaneRow each : tables.lane.values()) {
      floor =
          Math.min(floor, breach == Breach.DROPPED_AT_WATERMARK ? each.watermark() : each.floor());
    }
    int dropped = 0;
    for (ResourceRow resource : tables.resource.values()) {
      for (LogRow row : tables.logOf(resource.id(), 0, floor)) {
        for (SubscriptionRow each : tables.subscription.values()) {
          if (each.resource() == row.resource()
              && each.owed(row)
              && !tables.resolved(each.id(), row.id())) {
            throw new Violation("R14: update " + row.id() + " is dropped and owed to " + each.id());
          }
        }
        tables.log.remove(new Key(row.resource(), row.id()));
        tables.dropped.put(row.id(), row);
        dropped++;
      }
    }
    commit(true);
    return dropped;
  }

  // --- R12 ---

  boolean @Nullable [] change(long owner, ChangeBatch batch) {
    if (fenced(owner, Breach.CHANGE_UNFENCED)) {
      return null;
    }
    boolean[] found = new boolean[batch.changes().size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = changes.change(batch.changes().get(i));
    }
    commit(breach != Breach.CHANGE_ASYNCHRONOUS);
    return found;
  }

  // --- faults ---

  /** Loses so many asynchronous commits, the newest. */
  void crash(int lost) {
    touched.clear();
    tables.wal.lose(lost);
    rules.rebuild();
  }
}
