package io.livehook.lane;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The world around the owners: one clock, one queue of what happens next, PostgreSQL, nodes and
 * callbacks. What is random comes from one seed.
 */
final class SimulatedWorld {
  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int first = Long.compare(at, other.at);
      return first == 0 ? Long.compare(order, other.order) : first;
    }
  }

  final Chance chance;
  final Breach breach;
  final boolean tracing;
  final SimulatedPlan plan;
  final SimulatedDatabase database;
  final SimulatedReads reads;
  final Oracle oracle;
  final SimulatedConsumers consumers;
  final SimulatedFaults faults;
  final List<SimulatedNode> nodes = new ArrayList<>();
  final Map<String, SimulatedCallback> callbacks = new LinkedHashMap<>();
  final Map<Reached, Integer> reached = new EnumMap<>(Reached.class);

  /** When each node's lease runs out, by the database's clock. */
  final Map<Integer, Long> beats = new HashMap<>();

  /** Epochs that have had an owner. */
  final Set<Long> epochs = new HashSet<>();

  final List<String> history = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long order;
  private long upAt;
  private long stalledUntil;
  private boolean quiet;

  /** Crashes of PostgreSQL so far. */
  int crashes;

  long now = LaneIds.EPOCH + 1_000_000_000L;

  /** Events carried out. */
  int steps;

  SimulatedWorld(long seed, Breach breach, boolean tracing) {
    this.chance = new Chance(seed);
    this.breach = breach;
    this.tracing = tracing;
    this.plan = SimulatedPlan.of(chance);
    this.database = new SimulatedDatabase(plan.lanes(), breach);
    this.reads = new SimulatedReads(database.tables, breach);
    this.oracle = new Oracle(this);
    this.consumers = new SimulatedConsumers(this);
    this.faults = new SimulatedFaults(this);
    for (int i = 0; i < plan.callbacks(); i++) {
      String host = "http://host" + (i / 2);
      callbacks.put(host + "/" + i, new SimulatedCallback(host + "/" + i, host));
    }
    for (int i = 1; i <= plan.nodes(); i++) {
      SimulatedNode node = new SimulatedNode(this, i);
      nodes.add(node);
      later(i * 50, node::start);
    }
  }

  // --- time ---

  void later(int delay, Runnable what) {
    events.add(new Event(now + delay, order++, what));
  }

  /** The next event; false when there is none before {@code until}. */
  boolean step(long until) {
    Event next = events.peek();
    if (next == null || next.at > until) {
      now = Math.max(now, until);
      return false;
    }
    events.remove();
    now = Math.max(now, next.at);
    database.now = now;
    steps++;
    next.what.run();
    return true;
  }

  /** From now on nothing goes wrong any more. */
  void quiet() {
    quiet = true;
    stalledUntil = 0;
    callbacks.values().forEach(each -> each.mood = SimulatedCallback.Mood.FINE);
    for (SimulatedNode each : nodes) {
      if (!each.alive) {
        each.start();
      }
    }
  }

  boolean isQuiet() {
    return quiet;
  }

  void reached(Reached what) {
    reached.merge(what, 1, Integer::sum);
  }

  void tell(String what) {
    history.add(String.format("%8d  %s", now - LaneIds.EPOCH - 1_000_000_000L, what));
  }

  // --- PostgreSQL ---

  /** Milliseconds on the wire or in the database. */
  int latency() {
    if (now < stalledUntil) {
      return (int) (stalledUntil - now) + chance.between(0, 20);
    }
    return chance.between(0, quiet ? 3 : 9);
  }

  boolean databaseUp() {
    return now >= upAt;
  }

  /** How PostgreSQL refuses the statement being executed, or null. */
  SimulatedDatabase.@Nullable Refused refusal(boolean splittable) {
    if (!quiet && plan.stalls() > 0 && chance.permille(plan.stalls())) {
      reached(Reached.STALL);
      stalledUntil = now + chance.between(200, 3_000);
    }
    if (quiet || !chance.permille(plan.refusals())) {
      return null;
    }
    return new SimulatedDatabase.Refused(splittable && chance.permille(400));
  }

  void crash() {
    reached(Reached.POSTGRES_CRASH);
    crashes++;
    int atRisk = database.tables.wal.atRisk(now);
    int lost = chance.permille(500) ? atRisk : chance.between(0, atRisk);
    if (lost > 0) {
      reached(Reached.COMMITS_LOST);
    }
    if (tracing) {
      tell("PostgreSQL crashes, " + lost + " commits are lost");
    }
    upAt = now + chance.between(50, 3_000);
    database.crash(lost);
    for (SimulatedNode node : nodes) {
      for (SimulatedOwner each : List.copyOf(node.owners)) {
        node.later(0, () -> each.lost("PostgreSQL crashed"));
      }
    }
  }

  /** A lane has a new owner. */
  void adopted(int lane, long from, int node) {
    SimulatedTables.OwnerRow before = database.tables.owner.get(from);
    if (before != null && before.node() != node) {
      reached(Reached.TAKEOVER_BY_ANOTHER_NODE);
    }
    if (tracing) {
      tell("node " + node + " takes lane " + lane + " from owner " + from);
    }
    oracle.adopted(lane);
  }

  /** Counts what an append holds. */
  void appending(AppendBatch batch) {
    var lines = batch.lines().stream().map(each -> each.update().resource);
    List<Resource> resources = lines.distinct().toList();
    if (resources.size() > 1) {
      reached(Reached.SEVERAL_RESOURCES_APPENDED);
    }
    if (resources.stream().mapToInt(Resource::lane).distinct().count() > 1) {
      reached(Reached.SEVERAL_LANES_APPENDED);
    }
  }

  /** Counts what a read of the log is for, and what it finds. */
  void read(LogRead asked, LogRead.Result result) {
    reached(Reached.LOG_READ_BACK);
    if (asked.resource().subscriptions.stream().filter(each -> each.reading).count() > 1) {
      reached(Reached.SHARED_READ);
    }
    if (!result.complete()) {
      reached(Reached.PAGE_CUT);
    }
    if (result.attempts().stream().anyMatch(LogRead.RecoveredAttempt::ended)) {
      reached(Reached.ENDED_ABOVE_SINCE);
    }
  }

  /** Counts what a flush holds. */
  void flushing(FlushBatch batch) {
    for (FlushBatch.BehindRow each : batch.behind) {
      reached(
          switch (each.reason()) {
            case DOWN -> Reached.BEHIND_DOWN;
            case SLOW -> Reached.BEHIND_SLOW;
            case BLOCKED -> Reached.BEHIND_BLOCKED;
            case SPILLED -> Reached.BEHIND_SPILLED;
            case HELD -> Reached.BEHIND_HELD;
          });
    }
    if (!batch.retries.isEmpty()) {
      reached(Reached.RETRY_ROW);
    }
    var lanes = batch.attempts.stream().mapToInt(each -> LaneIds.laneOf(each.update()));
    if (lanes.distinct().count() > 1) {
      reached(Reached.SEVERAL_LANES_FLUSHED);
    }
  }

  boolean freezesNow() {
    return !quiet && chance.permille(plan.freezes());
  }

  // --- who is there ---

  @Nullable SimulatedOwner ownerOf(int lane) {
    long epoch = database.tables.laneRow(lane).owner();
    for (SimulatedNode node : nodes) {
      for (SimulatedOwner each : node.owners) {
        if (each.epoch == epoch) {
          return each;
        }
      }
    }
    return null;
  }

  SimulatedCallback callback(String uri) {
    return SimulatedTables.known(callbacks.get(uri));
  }

  // --- for the history ---

  String describe(Submission submission) {
    return switch (submission) {
      case Submission.Push each -> "push of " + each.uri + " " + new String(each.body);
      case Submission.Subscribe each ->
          "subscribe " + each.uri + " " + each.options.callback() + " " + each.publicId;
      case Submission.Unsubscribe each -> "unsubscribe " + each.subscription;
      case Submission.Hold each -> (each.held ? "hold " : "release ") + each.subscription;
      case Submission.Configure each -> "configure " + each.uri + " " + each.wanted;
      case Submission.Redeliver each -> "redeliver " + each.update + " to " + each.subscription;
    };
  }

  String describe(AppendBatch batch) {
    StringBuilder text = new StringBuilder();
    for (AppendBatch.Line each : batch.lines()) {
      text.append(each.update().resource.id()).append(':').append(each.update().id).append(' ');
    }
    return text.toString();
  }

  String describe(FlushBatch batch) {
    StringBuilder text = new StringBuilder(batch.sync ? "sync " : "");
    batch.attempts.forEach(
        each ->
            text.append("attempt(")
                .append(each.subscription())
                .append(", ")
                .append(each.update())
                .append(" #")
                .append(each.number())
                .append(each.ended() ? " ended) " : ") "));
    text.append(batch.retries.isEmpty() ? "" : batch.retries + " ");
    text.append(batch.retriesEnded.isEmpty() ? "" : "ended " + batch.retriesEnded + " ");
    text.append(batch.dead.isEmpty() ? "" : batch.dead + " ");
    text.append(batch.gaps.isEmpty() ? "" : batch.gaps + " ");
    text.append(batch.behindEnded.isEmpty() ? "" : "caught up " + batch.behindEnded + " ");
    batch.behind.forEach(
        each ->
            text.append("behind(")
                .append(each.subscription().id)
                .append(" since ")
                .append(each.since())
                .append(' ')
                .append(each.reason())
                .append(") "));
    return text.toString();
  }

  String describe(ChangeBatch batch) {
    StringBuilder text = new StringBuilder();
    for (ChangeBatch.Change each : batch.changes()) {
      text.append(
          switch (each) {
            case ChangeBatch.Created made -> "created " + made.id() + " v" + made.fromVer() + " ";
            case ChangeBatch.Renewed renewed -> "renewed " + renewed.subscription().id + " ";
            case ChangeBatch.Ended ended ->
                "ended " + ended.subscription().id + " " + ended.reason() + " ";
            case ChangeBatch.Configured made -> "configured " + made.id() + " ";
            case ChangeBatch.Held held ->
                "held " + held.subscription().id + " " + held.since() + " ";
            case ChangeBatch.Released released -> "released " + released.subscription().id + " ";
            case ChangeBatch.Redelivered again ->
                "redelivered " + again.subscription().id + " " + again.update() + " ";
          });
    }
    return text.toString();
  }

  String describe(int[] lanes, long[] values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lanes.length; i++) {
      text.append(lanes[i]).append('=').append(values[i]).append(' ');
    }
    return text.toString();
  }
}
