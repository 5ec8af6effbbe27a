package io.livehook.lane;

import io.livehook.lane.SimulatedTables.LaneRow;
import io.livehook.lane.SimulatedTables.OwnerRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One broker process: its heartbeat (R5), its owners, and how it takes lanes over (R1, R4). */
final class SimulatedNode {
  private static final int BEAT = 2_000;
  private static final int LEASE = 6_000;
  private static final int QUIET = 10_000;

  final SimulatedWorld world;
  final int id;
  final List<SimulatedOwner> owners = new ArrayList<>();
  private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
  private final Set<Integer> taking = new HashSet<>();
  private final Map<Integer, Beat> strangers = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private int incarnation;
  private @Nullable SimulatedPost unwritten;
  private long confirmed;
  private int skew;
  boolean alive;
  boolean frozen;
  long thawedAt;

  private record Beat(long until, long seen) {}

  SimulatedNode(SimulatedWorld world, int id) {
    this.world = world;
    this.id = id;
  }

  long now() {
    return world.now + skew;
  }

  boolean holdsLease() {
    return world.now - confirmed < LEASE || world.breach == Breach.NO_LEASE;
  }

  /** Runs it on this node, later; while the node is frozen it waits. */
  void later(int delay, Runnable what) {
    int mine = incarnation;
    world.later(
        delay,
        () -> {
          if (mine == incarnation) {
            if (frozen) {
              backlog.add(what);
            } else {
              what.run();
            }
          }
        });
  }

  // --- life and death ---

  void start() {
    alive = true;
    readClock();
    confirmed = world.now - 2 * LEASE;
    beat();
  }

  /** After a failover the database's clock may be behind what its lanes have seen. */
  private void readClock() {
    skew = world.chance.between(world.chance.permille(world.plan.clocks()) ? -15_000 : -20, 20);
    if (skew < -20) {
      world.reached(Reached.CLOCK_BEHIND);
    }
  }

  void kill() {
    incarnation++;
    alive = false;
    frozen = false;
    unwritten = null;
    backlog.clear();
    taking.clear();
    strangers.clear();
    failures.clear();
    owners.forEach(SimulatedOwner::die);
    owners.clear();
  }

  void freeze(int milliseconds) {
    frozen = true;
    int mine = incarnation;
    world.later(
        milliseconds,
        () -> {
          if (mine == incarnation) {
            thaw();
          }
        });
  }

  private void thaw() {
    frozen = false;
    thawedAt = world.now;
    SimulatedPost late = unwritten;
    unwritten = null;
    if (late != null && !late.closed) {
      world.reached(Reached.WRITE_AFTER_THAW);
      late.thawed = true;
      late.write();
    }
    for (Runnable each; !frozen && (each = backlog.poll()) != null; ) {
      each.run();
    }
  }

  /** Writes a request; the node may freeze between its last check and the write. */
  void write(SimulatedPost post) {
    if (unwritten == null && !frozen && world.freezesNow()) {
      world.reached(Reached.FREEZE);
      unwritten = post;
      freeze(world.chance.between(500, 25_000));
    } else {
      post.write();
    }
  }

  // --- heartbeat ---

  private void beat() {
    long sent = world.now;
    statement(
        () -> {
          world.beats.put(id, world.now + QUIET);
          return world.database.tables;
        },
        tables -> {
          confirmed = Math.max(confirmed, sent);
          for (SimulatedOwner each : List.copyOf(owners)) {
            if (!world.database.living(each.epoch)) {
              each.lost("another has taken over");
            }
          }
          watch();
          later(BEAT, this::beat);
        },
        () -> later(BEAT / 4, this::beat));
  }

  /** Lanes that nobody runs any more. */
  private void watch() {
    TreeMap<Integer, Long> found = new TreeMap<>();
    for (LaneRow each : world.database.tables.lane.values()) {
      if (!taking.contains(each.id()) && isFree(each) && world.chance.permille(700)) {
        found.put(each.id(), each.owner());
      }
    }
    if (!found.isEmpty()) {
      take(found);
    }
  }

  private boolean isFree(LaneRow lane) {
    OwnerRow row = world.database.tables.owner.get(lane.owner());
    if (row == null) {
      return true;
    }
    if (row.node() == id) {
      return owners.stream().noneMatch(each -> each.epoch == row.id());
    }
    long until = world.beats.getOrDefault(row.node(), 0L);
    Beat seen = strangers.get(row.node());
    if (seen == null || seen.until != until) {
      strangers.put(row.node(), new Beat(until, world.now));
      return false;
    }
    return until < world.now && world.now - seen.seen >= QUIET;
  }

  // --- R1, R3, R4 ---

  void startAgain(SimulatedOwner ended) {
    owners.remove(ended);
    TreeMap<Integer, Long> lanes = new TreeMap<>();
    ended.lanes.forEach(lane -> lanes.put(lane, ended.epoch));
    taking.addAll(lanes.keySet());
    later(world.chance.between(10, 300), () -> take(lanes));
  }

  /** Takes the lanes of a living owner, against R5. */
  void usurp(SimulatedOwner owner) {
    owner.usurped = true;
    TreeMap<Integer, Long> lanes = new TreeMap<>();
    owner.lanes.forEach(lane -> lanes.put(lane, owner.epoch));
    take(lanes);
  }

  /** Takes lanes from the owners that were seen to have them. */
  void take(TreeMap<Integer, Long> lanes) {
    taking.addAll(lanes.keySet());
    Runnable again = () -> later(250, () -> take(lanes));
    SimulatedOwner running = owners.isEmpty() ? null : owners.get(0);
    if (running != null && world.chance.permille(300)) {
      end(lanes, running.epoch, again);
    } else {
      statement(() -> world.database.signOn(id), epoch -> end(lanes, epoch, again), again);
    }
  }

  private void end(TreeMap<Integer, Long> lanes, long epoch, Runnable again) {
    if (world.breach == Breach.READ_BEFORE_END) {
      statement(() -> snapshots(lanes.keySet()), early -> end(lanes, epoch, early, again), again);
    } else {
      end(lanes, epoch, null, again);
    }
  }

  private void end(
      TreeMap<Integer, Long> lanes,
      long epoch,
      @Nullable List<LaneSnapshot> early,
      Runnable again) {
    statement(
        () -> {
          if (world.tracing) {
            world.tell("node " + id + " ends owners of lanes " + lanes);
          }
          new HashSet<>(lanes.values()).forEach(world.database::end);
          return lanes;
        },
        ended -> adopt(lanes, epoch, early, again),
        again);
  }

  private void adopt(
      TreeMap<Integer, Long> lanes,
      long epoch,
      @Nullable List<LaneSnapshot> early,
      Runnable again) {
    statement(
        () -> {
          List<Integer> adopted = new ArrayList<>();
          lanes.forEach(
              (lane, from) -> {
                if (world.database.adopt(lane, from, epoch)) {
                  world.adopted(lane, from, id);
                  adopted.add(lane);
                }
              });
          return adopted;
        },
        adopted ->
            statement(
                () -> early != null ? early : snapshots(adopted),
                found -> run(lanes.keySet(), adopted, found, epoch),
                again),
        again);
  }

  private List<LaneSnapshot> snapshots(Iterable<Integer> lanes) {
    List<LaneSnapshot> found = new ArrayList<>();
    lanes.forEach(lane -> found.add(world.reads.snapshot(lane)));
    return found;
  }

  private void run(
      Set<Integer> wanted, List<Integer> adopted, List<LaneSnapshot> found, long epoch) {
    taking.removeAll(wanted);
    found.removeIf(each -> !adopted.contains(each.lane()));
    if (found.isEmpty()) {
      return;
    }
    SimulatedOwner owner = null;
    for (SimulatedOwner each : owners) {
      owner = each.epoch == epoch ? each : owner;
    }
    if (owner == null) {
      if (world.epochs.add(epoch)) {
        if (owners.isEmpty()) {
          readClock();
        }
        owner = new SimulatedOwner(this, epoch, new ArrayList<>());
        owners.add(owner);
      } else {
        return;
      }
    }
    owner.lanes.addAll(adopted);
    if (world.tracing) {
      world.tell("owner " + epoch + " of node " + id + " runs lanes " + adopted);
    }
    owner.adopt(found);
  }

  /** On a connection of its own, which dies with this process and with PostgreSQL. */
  private <T> void statement(Supplier<T> execute, Consumer<T> done, Runnable failed) {
    int crash = world.crashes;
    int mine = incarnation;
    world.later(
        world.latency(),
        () -> {
          if (crash == world.crashes && world.databaseUp()) {
            world.database.now = world.now;
            T result = execute.get();
            Runnable read = () -> done.accept(result);
            reply(mine, () -> (crash == world.crashes ? read : failed).run());
          } else {
            reply(mine, failed);
          }
        });
  }

  private void reply(int asker, Runnable read) {
    if (asker == incarnation) {
      later(world.latency(), read);
    }
  }

  // --- hand-over ---

  /** Stops accepting and starting, waits until nothing runs, hands the lanes over. */
  void drain(SimulatedOwner owner) {
    owner.drain();
    waitDrained(owner, world.now + 30_000);
  }

  private void waitDrained(SimulatedOwner owner, long until) {
    if (owner.over) {
      return;
    }
    if (!owner.drained() && world.now < until) {
      later(10, () -> waitDrained(owner, until));
      return;
    }
    boolean clean = owner.drained();
    owners.remove(owner);
    owner.close();
    release(owner, clean);
  }

  private void release(SimulatedOwner owner, boolean clean) {
    statement(
        () -> {
          if (world.database.release(owner.epoch) && clean) {
            world.reached(Reached.HAND_OVER);
            world.oracle.handedOver(owner.lanes);
          }
          return owner;
        },
        released -> {},
        () -> {});
  }

  // --- outcome ---

  /** A small policy: the schedule of the subscription, then dead; five failures open a breaker. */
  void judge(SimulatedPost post, int status, int pause) {
    Delivery delivery = post.delivery;
    SubscriptionOptions options = delivery.subscription.options();
    world.oracle.heard(post, status);
    if (status == 200) {
      failures.remove(options.callback());
      post.owner.ended(delivery, Outcome.Delivered.INSTANCE, status, false);
      return;
    }
    Outcome outcome = outcome(delivery, status, pause, options);
    if (outcome instanceof Outcome.Dead) {
      world.oracle.gaveUp(post);
    }
    boolean opened =
        !(outcome instanceof Outcome.Gone)
            && failures.merge(options.callback(), 1, Integer::sum) == 5;
    if (opened) {
      world.reached(Reached.BREAKER_OPENED);
    }
    post.owner.ended(delivery, outcome, status, opened);
  }

  private Outcome outcome(Delivery delivery, int status, int pause, SubscriptionOptions options) {
    if (status == 410) {
      world.reached(Reached.GONE);
      return new Outcome.Gone();
    }
    if (status == 503) {
      world.reached(Reached.THROTTLED);
      return new Outcome.Throttled(now() + pause, FailureReason.THROTTLED);
    }
    world.reached(Reached.STATUS_500);
    String[] schedule = SimulatedTables.known(options.retrySchedule()).split(",");
    return delivery.used() >= schedule.length
        ? new Outcome.Dead(FailureReason.HTTP_STATUS)
        : new Outcome.Retry(
            now() + Long.parseLong(schedule[delivery.used()]) * 1_000, FailureReason.HTTP_STATUS);
  }
}
