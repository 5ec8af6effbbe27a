package io.livehook.lane;

import io.livehook.lane.ChangeBatch.Change;
import io.livehook.lane.FlushBatch.Attempt;
import io.livehook.lane.FlushBatch.RetryKey;
import io.livehook.lane.LoadBatch.LoadedBehind;
import io.livehook.lane.LoadBatch.LoadedResource;
import io.livehook.lane.LoadBatch.LoadedSubscription;
import io.livehook.lane.LogRead.RecoveredAttempt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL as the protocol leans on it: fenced transactions, synchronous and asynchronous
 * commits, and a crash that loses a suffix of the asynchronous ones in WAL order.
 */
@NullUnmarked // maps of a model: a missing entry is a fault of the simulation
final class SimulatedDatabase {
  /** Readings of the protocol that break it outside the lane, one at a time. */
  enum Mutant {
    NONE,
    R2_NO_FENCE,
    R4_READS_BEFORE_IT_ENDS_THE_OLD_OWNER,
    R4_NO_ENDS_READ,
    R4_FORGETS_RETRIES,
    R4_FORGETS_GAPS,
    R6_ASYNCHRONOUS_APPEND,
    R12_ASYNCHRONOUS_CHANGE,
    R13_DEAD_ASYNCHRONOUS,
    R14_DROPS_ABOVE_THE_FLOOR
  }

  /** What the tables hold; changed only by {@link #commit}. */
  static final class State {
    final Set<Long> owners = new HashSet<>();
    final Map<Integer, Long> laneOwner = new HashMap<>();
    final Map<Integer, Long> watermark = new HashMap<>();
    final Map<Integer, Long> floor = new HashMap<>();
    final TreeMap<Long, LogRow> log = new TreeMap<>();
    final Map<Long, ResourceRow> resources = new HashMap<>();
    final TreeMap<Long, SubscriptionRow> subscriptions = new TreeMap<>();
    final Map<Long, LoadedBehind> behind = new HashMap<>();
    final Map<RetryKey, FlushBatch.RetryRow> retry = new HashMap<>();
    final Set<RetryKey> dead = new HashSet<>();
    final List<FlushBatch.GapRow> gaps = new ArrayList<>();
    final Map<RetryKey, Integer> attempts = new HashMap<>();
    final Set<RetryKey> ended = new HashSet<>();
    final Map<String, AppendBatch.Stored> keys = new HashMap<>();

    boolean gap(long subscription, long update) {
      for (FlushBatch.GapRow each : gaps) {
        if (each.subscription() == subscription && update > each.from() && update <= each.to()) {
          return true;
        }
      }
      return false;
    }
  }

  record ResourceRow(long id, long tenant, String uri, int lane, long subVer) {}

  record SubscriptionRow(
      long id,
      String publicId,
      long resource,
      String label,
      long fromVer,
      long toVer,
      SubscriptionOptions options) {
    boolean active() {
      return toVer == Long.MAX_VALUE;
    }
  }

  private final Mutant mutant;
  private final List<Consumer<State>> unsynced = new ArrayList<>();
  private State live = new State();
  private State durable = new State();
  private long nextOwner = 1;

  /** Told after every commit, with what would be there if everybody crashed now. */
  Consumer<State> onCommit = state -> {};

  SimulatedDatabase(Mutant mutant, int lanes) {
    this.mutant = mutant;
    commit(
        true,
        state -> {
          for (int i = 0; i < lanes; i++) {
            state.laneOwner.put(i, 0L);
            state.watermark.put(i, 0L);
            state.floor.put(i, 0L);
          }
        });
  }

  State live() {
    return live;
  }

  State durable() {
    return durable;
  }

  private void commit(boolean synchronous, Consumer<State> transaction) {
    transaction.accept(live);
    unsynced.add(transaction);
    if (synchronous) {
      unsynced.forEach(each -> each.accept(durable));
      unsynced.clear();
    }
    onCommit.accept(live);
  }

  /** Loses some of the last asynchronous commits, never one that a synchronous one followed. */
  int crash(RandomGenerator random) {
    int kept = unsynced.isEmpty() ? 0 : random.nextInt(unsynced.size() + 1);
    int lost = unsynced.size() - kept;
    for (int i = 0; i < kept; i++) {
      unsynced.get(i).accept(durable);
    }
    unsynced.clear();
    live = copy(durable);
    return lost;
  }

  private static State copy(State from) {
    State to = new State();
    to.owners.addAll(from.owners);
    to.laneOwner.putAll(from.laneOwner);
    to.watermark.putAll(from.watermark);
    to.floor.putAll(from.floor);
    to.log.putAll(from.log);
    to.resources.putAll(from.resources);
    to.subscriptions.putAll(from.subscriptions);
    to.behind.putAll(from.behind);
    to.retry.putAll(from.retry);
    to.dead.addAll(from.dead);
    to.gaps.addAll(from.gaps);
    to.attempts.putAll(from.attempts);
    to.ended.addAll(from.ended);
    to.keys.putAll(from.keys);
    return to;
  }

  private boolean fenced(long owner) {
    return mutant != Mutant.R2_NO_FENCE && !live.owners.contains(owner);
  }

  // --- R1, R4 ---

  long signOn() {
    long id = nextOwner++;
    commit(true, state -> state.owners.add(id));
    return id;
  }

  void endOthers(long me) {
    commit(true, state -> state.owners.removeIf(each -> each != me));
  }

  void adopt(long me) {
    commit(true, state -> state.laneOwner.replaceAll((lane, owner) -> me));
  }

  boolean readsFirst() {
    return mutant == Mutant.R4_READS_BEFORE_IT_ENDS_THE_OLD_OWNER;
  }

  List<LaneSnapshot> find() {
    List<LaneSnapshot> found = new ArrayList<>();
    for (int lane : live.laneOwner.keySet()) {
      long watermark = live.watermark.get(lane);
      List<LogRow> above = new ArrayList<>();
      for (LogRow each : live.log.tailMap(watermark, false).values()) {
        if (LaneIds.laneOf(each.id()) == lane) {
          above.add(head(each));
        }
      }
      long tail = above.isEmpty() ? watermark : above.getLast().id();
      for (ResourceRow each : live.resources.values()) {
        tail = each.lane() == lane ? Math.max(tail, each.id()) : tail;
      }
      for (SubscriptionRow each : live.subscriptions.values()) {
        tail = lane(each.id()) == lane ? Math.max(tail, each.id()) : tail;
      }
      found.add(
          new LaneSnapshot(
              lane, watermark, tail, above, doneAbove(lane, watermark), troubled(lane, watermark)));
    }
    return found;
  }

  private int lane(long subscription) {
    return live.resources.get(live.subscriptions.get(subscription).resource()).lane();
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

  private List<RecoveredAttempt> doneAbove(int lane, long watermark) {
    List<RecoveredAttempt> done = new ArrayList<>();
    if (mutant != Mutant.R4_NO_ENDS_READ) {
      live.attempts.forEach(
          (key, number) -> {
            if (key.update() > watermark && LaneIds.laneOf(key.update()) == lane) {
              done.add(recovered(key, number, live.ended.contains(key)));
            }
          });
    }
    if (mutant != Mutant.R4_FORGETS_RETRIES) {
      live.retry.forEach(
          (key, row) -> {
            if (key.update() > watermark && LaneIds.laneOf(key.update()) == lane) {
              done.add(recovered(key, row.attempts(), true));
            }
          });
    }
    if (mutant != Mutant.R4_FORGETS_GAPS) {
      for (LogRow each : live.log.tailMap(watermark, false).values()) {
        for (SubscriptionRow row : live.subscriptions.values()) {
          if (LaneIds.laneOf(each.id()) == lane
              && row.resource() == each.resource()
              && live.gap(row.id(), each.id())) {
            done.add(new RecoveredAttempt(row.id(), each.id(), 0, true));
          }
        }
      }
    }
    return done;
  }

  private static RecoveredAttempt recovered(RetryKey key, int number, boolean ended) {
    return new RecoveredAttempt(key.subscription(), key.update(), number, ended);
  }

  private long[] troubled(int lane, long watermark) {
    Set<Long> resources = new HashSet<>();
    for (long each : live.behind.keySet()) {
      if (lane(each) == lane) {
        resources.add(live.subscriptions.get(each).resource());
      }
    }
    for (RetryKey each : live.retry.keySet()) {
      if (lane(each.subscription()) == lane && each.update() > watermark) {
        resources.add(live.subscriptions.get(each.subscription()).resource());
      }
    }
    return resources.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  // --- writes: null or false means fenced ---

  AppendBatch.@Nullable Result append(long owner, AppendBatch batch) {
    if (fenced(owner)) {
      return null;
    }
    List<AppendBatch.@Nullable Stored> lost = new ArrayList<>();
    Map<String, AppendBatch.Stored> won = new HashMap<>();
    List<LogRow> rows = new ArrayList<>();
    for (AppendBatch.Line line : batch.lines()) {
      Update update = line.update();
      String key = line.push().idempotencyKey;
      String name = update.resource.id() + "/" + key;
      AppendBatch.Stored before = live.keys.get(name);
      before = before == null ? won.get(name) : before;
      if (key != null && before != null) {
        lost.add(before);
        continue;
      }
      if (key != null) {
        won.put(name, new AppendBatch.Stored(update.id, line.push().bodyHash));
      }
      lost.add(null);
      rows.add(
          new LogRow(
              update.id,
              update.resource.id(),
              update.subVer,
              update.sequence,
              update.kind,
              null,
              null,
              null,
              line.push().body));
    }
    List<ResourceRow> created =
        batch.created().stream()
            .map(each -> new ResourceRow(each.id(), each.tenant(), each.uri(), each.lane(), 0))
            .toList();
    commit(
        mutant != Mutant.R6_ASYNCHRONOUS_APPEND,
        state -> {
          created.forEach(each -> state.resources.put(each.id(), each));
          rows.forEach(each -> state.log.put(each.id(), each));
          state.keys.putAll(won);
        });
    return new AppendBatch.Result(lost);
  }

  boolean flush(long owner, FlushBatch batch) {
    if (fenced(owner)) {
      return false;
    }
    List<FlushBatch.BehindRow> behind = List.copyOf(batch.behind);
    List<Attempt> attempts = List.copyOf(batch.attempts);
    List<RetryKey> ended = List.copyOf(batch.retriesEnded);
    List<FlushBatch.RetryRow> retries = List.copyOf(batch.retries);
    List<FlushBatch.DeadRow> dead = List.copyOf(batch.dead);
    List<FlushBatch.GapRow> gaps = List.copyOf(batch.gaps);
    List<Long> behindEnded = List.copyOf(batch.behindEnded);
    commit(
        batch.sync && mutant != Mutant.R13_DEAD_ASYNCHRONOUS,
        state -> {
          for (Attempt each : attempts) {
            RetryKey key = new RetryKey(each.subscription(), each.update());
            state.attempts.merge(key, each.number(), Math::max);
            if (each.ended()) {
              state.ended.add(key);
            }
          }
          ended.forEach(state.retry::remove);
          retries.forEach(
              each -> state.retry.put(new RetryKey(each.subscription(), each.update()), each));
          dead.forEach(each -> state.dead.add(new RetryKey(each.subscription(), each.update())));
          state.gaps.addAll(gaps);
          behindEnded.forEach(state.behind::remove);
          behind.forEach(
              each ->
                  state.behind.put(
                      each.subscription().id,
                      new LoadedBehind(each.reason(), each.since(), each.probeAt())));
        });
    return true;
  }

  boolean watermark(long owner, int[] lanes, long[] watermarks) {
    if (fenced(owner)) {
      return false;
    }
    commit(
        false,
        state -> {
          for (int i = 0; i < lanes.length; i++) {
            state.watermark.put(lanes[i], watermarks[i]);
          }
        });
    return true;
  }

  boolean retain(long owner, int[] lanes, long[] floors) {
    if (fenced(owner)) {
      return false;
    }
    boolean tooMuch = mutant == Mutant.R14_DROPS_ABOVE_THE_FLOOR;
    commit(
        true,
        state -> {
          for (int i = 0; i < lanes.length; i++) {
            int lane = lanes[i];
            long floor = floors[i];
            state
                .retry
                .keySet()
                .removeIf(
                    key -> {
                      boolean old = LaneIds.laneOf(key.update()) == lane && key.update() <= floor;
                      if (old) {
                        state.dead.add(key);
                      }
                      return old;
                    });
            state.floor.merge(lane, floor, Math::max);
          }
          long lowest =
              tooMuch
                  ? state.floor.values().stream().mapToLong(Long::longValue).max().orElse(0)
                  : state.floor.values().stream().mapToLong(Long::longValue).min().orElse(0);
          state.log.headMap(lowest, true).clear();
        });
    return true;
  }

  boolean @Nullable [] change(long owner, ChangeBatch batch) {
    if (fenced(owner)) {
      return null;
    }
    boolean[] found = new boolean[batch.changes().size()];
    Arrays.fill(found, true);
    for (int i = 0; i < found.length; i++) {
      if (batch.changes().get(i) instanceof ChangeBatch.Redelivered each) {
        found[i] = live.dead.contains(new RetryKey(each.subscription().id, each.update()));
      }
    }
    List<Consumer<State>> rows = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      if (found[i]) {
        rows.add(row(batch.changes().get(i)));
      }
    }
    commit(
        mutant != Mutant.R12_ASYNCHRONOUS_CHANGE,
        state -> rows.forEach(each -> each.accept(state)));
    return found;
  }

  private static Consumer<State> row(Change change) {
    long resource = change.resource().id();
    return switch (change) {
      case ChangeBatch.Created each -> {
        SubscriptionRow row =
            new SubscriptionRow(
                each.id(),
                each.asked().publicId,
                resource,
                each.asked().label,
                each.fromVer(),
                Long.MAX_VALUE,
                each.asked().options);
        yield state -> {
          state.subscriptions.put(row.id(), row);
          version(state, resource, each.fromVer());
        };
      }
      case ChangeBatch.Renewed each -> state -> {};
      case ChangeBatch.Ended each -> {
        long id = each.subscription().id;
        yield state -> {
          version(state, resource, each.toVer());
          state.behind.remove(id);
          state.retry.keySet().removeIf(key -> key.subscription() == id);
          SubscriptionRow row = state.subscriptions.get(id);
          state.subscriptions.put(
              id,
              new SubscriptionRow(
                  id,
                  row.publicId(),
                  resource,
                  row.label(),
                  row.fromVer(),
                  each.toVer(),
                  row.options()));
        };
      }
      case ChangeBatch.Held each -> {
        long id = each.subscription().id;
        yield state -> state.behind.put(id, new LoadedBehind(BehindReason.HELD, each.since(), 0));
      }
      case ChangeBatch.Released each -> {
        long id = each.subscription().id;
        yield state ->
            state.behind.computeIfPresent(
                id, (key, row) -> new LoadedBehind(BehindReason.SPILLED, row.since(), 0));
      }
      case ChangeBatch.Redelivered each -> {
        RetryKey key = new RetryKey(each.subscription().id, each.update());
        int lane = each.resource().lane();
        yield state -> {
          state.dead.remove(key);
          state.retry.put(
              key, new FlushBatch.RetryRow(key.subscription(), key.update(), lane, 0, 0, "again"));
        };
      }
    };
  }

  private static void version(State state, long resource, long version) {
    state.resources.computeIfPresent(
        resource,
        (id, row) ->
            new ResourceRow(
                id, row.tenant(), row.uri(), row.lane(), Math.max(row.subVer(), version)));
  }

  // --- reads ---

  List<Retries.Waiting> retries(long until) {
    List<Retries.Waiting> rows = new ArrayList<>();
    live.retry.forEach(
        (key, row) -> {
          if (row.nextAt() <= until) {
            long resource = live.subscriptions.get(key.subscription()).resource();
            rows.add(
                new Retries.Waiting(
                    key.subscription(),
                    resource,
                    row.lane(),
                    key.update(),
                    row.attempts(),
                    live.attempts.getOrDefault(key, row.attempts()),
                    row.nextAt()));
          }
        });
    rows.sort(java.util.Comparator.comparingLong(Retries.Waiting::update));
    return rows;
  }

  List<@Nullable LoadedResource> load(LoadBatch batch) {
    List<@Nullable LoadedResource> loaded = new ArrayList<>();
    for (Resource asked : batch.resources()) {
      ResourceRow found = null;
      for (ResourceRow each : live.resources.values()) {
        if (asked.id() != 0
            ? each.id() == asked.id()
            : each.tenant() == asked.tenant() && each.uri().equals(asked.uri())) {
          found = each;
        }
      }
      loaded.add(found == null ? null : loaded(found));
    }
    return loaded;
  }

  private LoadedResource loaded(ResourceRow row) {
    LogRow newest = null;
    for (LogRow each : live.log.values()) {
      newest = each.resource() == row.id() ? each : newest;
    }
    List<LoadedSubscription> subscriptions = new ArrayList<>();
    for (SubscriptionRow each : live.subscriptions.values()) {
      if (each.resource() == row.id() && each.active()) {
        subscriptions.add(
            new LoadedSubscription(
                each.id(),
                each.publicId(),
                each.label(),
                each.options(),
                each.fromVer(),
                live.behind.get(each.id())));
      }
    }
    return new LoadedResource(
        row.id(),
        row.tenant(),
        row.uri(),
        row.subVer(),
        newest == null ? 0 : newest.sequence(),
        newest != null && newest.kind() != UpdateKind.DELETED,
        subscriptions);
  }

  LogRead.Result read(LogRead read) {
    List<LogRow> rows = new ArrayList<>();
    boolean complete = true;
    for (LogRow each : live.log.subMap(read.from(), false, read.to(), true).values()) {
      if (each.resource() == read.resource().id()) {
        if (rows.size() == Math.min(read.limit(), 3)) {
          complete = false;
          break;
        }
        rows.add(each);
      }
    }
    List<RecoveredAttempt> attempts = new ArrayList<>();
    for (long subscription : read.recovered()) {
      for (LogRow each : rows) {
        RetryKey key = new RetryKey(subscription, each.id());
        Integer number = live.attempts.get(key);
        FlushBatch.RetryRow retry = live.retry.get(key);
        if (number != null) {
          attempts.add(recovered(key, number, live.ended.contains(key)));
        }
        if (retry != null) {
          attempts.add(recovered(key, retry.attempts(), true));
        }
        if (mutant != Mutant.R4_FORGETS_GAPS && live.gap(subscription, each.id())) {
          attempts.add(recovered(key, 0, true));
        }
      }
    }
    return new LogRead.Result(rows, complete, attempts);
  }
}
