package io.livehook.lane;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the orders of one {@link Owner} in the simulated world and tells it what came of
 * them, as {@code log.OwnerShell} does with the real one.
 */
final class SimulatedOwner implements Orders {
  private static final int DEADLINE = 15_000;
  private static final int READ_AGAIN = 200;

  final SimulatedNode node;
  final long epoch;
  final List<Integer> lanes;
  final Connection append = new Connection("append");
  final Connection flush = new Connection("flush");
  final Connection read = new Connection("read");
  final Set<SimulatedPost> posts = new LinkedHashSet<>();
  private final SimulatedWorld world;
  private final Owner owner;
  private final Map<Submission, Long> submitted = new LinkedHashMap<>();

  /** A synchronous flush was read of which newer first attempts of theirs had to wait. */
  private final Set<Subscription> awaited = new HashSet<>();

  private int alarm;

  /** Crashes of PostgreSQL before its connections were made; they live until the next one. */
  final int crash;

  boolean over;

  /** Requests written after the database had ended it. */
  int late;

  /** Somebody took its lanes while its lease ran. */
  boolean usurped;

  /** One connection: a statement at a time, in order. */
  final class Connection {
    final String name;
    final ArrayDeque<SimulatedStatement<?>> statements = new ArrayDeque<>();

    Connection(String name) {
      this.name = name;
    }
  }

  SimulatedOwner(SimulatedNode node, long epoch, List<Integer> lanes) {
    this.node = node;
    this.world = node.world;
    this.epoch = epoch;
    this.crash = node.world.crashes;
    this.lanes = lanes;
    this.owner = new Owner(epoch, world.plan.lanes(), world.plan.limits(), this, node.now());
  }

  void adopt(List<LaneSnapshot> found) {
    owner.adopt(found, node.now());
  }

  // --- facts from outside ---

  void submit(Submission submission) {
    if (over || !node.holdsLease()) {
      world.oracle.answered(submission, new Verdict.Unavailable(1));
      return;
    }
    submitted.put(submission, world.now);
    owner.submit(submission, node.now());
  }

  void retain(long before) {
    fact(() -> owner.retain(before, node.now()));
  }

  void drain() {
    fact(() -> owner.drain(node.now()));
  }

  boolean drained() {
    return over || owner.drained();
  }

  int running() {
    return owner.running();
  }

  /** The owner is over: nothing of it is written or sent any more. */
  void lost(String why) {
    if (over) {
      return;
    }
    if (world.tracing) {
      world.tell("owner " + epoch + " is over: " + why);
    }
    close();
    node.startAgain(this);
  }

  void close() {
    over = true;
    disconnect();
    owner.lost(node.now());
    if (!submitted.isEmpty()) {
      throw new Violation("no verdict on " + world.describe(submitted.keySet().iterator().next()));
    }
  }

  /** The process has died: nobody is told anything. */
  void die() {
    over = true;
    disconnect();
    submitted.keySet().forEach(world.oracle::unanswered);
    submitted.clear();
  }

  private void disconnect() {
    for (SimulatedPost each : List.copyOf(posts)) {
      each.close();
    }
    for (Connection each : List.of(append, flush, read)) {
      each.statements.forEach(SimulatedStatement::orphan);
      each.statements.clear();
    }
  }

  /** The read connection holds no promise: what was asked of it fails, the owner lives on. */
  void loseReads() {
    for (SimulatedStatement<?> each : List.copyOf(read.statements)) {
      each.fail();
    }
  }

  // --- statements ---

  private <T> void run(
      Connection connection,
      String what,
      Supplier<@Nullable T> execute,
      Consumer<T> done,
      Consumer<SimulatedDatabase.Refused> refused) {
    if (over) {
      throw new Violation("order after the end of owner " + epoch + ": " + what);
    }
    boolean shared = connection == read;
    if (!connection.statements.isEmpty() && !(shared && connection.statements.size() == 1)) {
      throw new Violation("R11: two statements on the " + connection.name + " connection: " + what);
    }
    SimulatedStatement<T> statement =
        new SimulatedStatement<>(this, connection, what, execute, done, refused);
    connection.statements.add(statement);
    statement.send();
    world.faults.sent(this);
  }

  private static <T> Supplier<@Nullable T> fencing(BooleanSupplier statement, T done) {
    return () -> statement.getAsBoolean() ? done : null;
  }

  @Override
  public void append(AppendBatch batch) {
    world.appending(batch);
    run(
        append,
        world.tracing ? "append " + world.describe(batch) : "append",
        () -> world.database.append(epoch, batch),
        result -> owner.appended(batch, result, node.now()),
        refused -> owner.appendRefused(batch, refused.content, "refused", node.now()));
  }

  @Override
  public void flush(FlushBatch batch) {
    world.flushing(batch);
    run(
        flush,
        world.tracing ? "flush " + world.describe(batch) : "flush",
        fencing(() -> world.database.flush(epoch, batch), batch),
        done -> {
          owner.flushed(batch, node.now());
          awaited.addAll(batch.awaited);
        },
        refused -> {
          if (refused.content) {
            world.reached(Reached.FLUSH_SPLIT);
            split(new ArrayDeque<>(batch.split()), batch);
          } else {
            later(READ_AGAIN, () -> owner.flushRefused(batch, node.now()));
          }
        });
  }

  /** Each delivery in a transaction of its own; the culprit without what its callback said. */
  private void split(ArrayDeque<FlushBatch> parts, FlushBatch batch) {
    FlushBatch part = parts.poll();
    if (part == null) {
      owner.flushed(batch, node.now());
      return;
    }
    part.sync = true;
    run(
        flush,
        world.tracing ? "flush part " + world.describe(part) : "flush part",
        fencing(() -> world.database.flush(epoch, part), part),
        done -> split(parts, batch),
        refused -> {
          if (refused.content) {
            part.forgetAnswers();
            parts.addFirst(part);
            split(parts, batch);
          } else {
            lost("a flush is half written");
          }
        });
  }

  @Override
  public void watermark(int[] numbers, long[] watermarks) {
    run(
        flush,
        world.tracing ? "watermark " + world.describe(numbers, watermarks) : "watermark",
        fencing(() -> watermarkMoved(numbers, watermarks), numbers),
        done -> owner.watermarkWritten(node.now()),
        refused -> owner.watermarkWritten(node.now()));
  }

  private boolean watermarkMoved(int[] numbers, long[] watermarks) {
    for (int i = 0; i < numbers.length; i++) {
      if (watermarks[i] > world.database.newest(numbers[i])) {
        world.reached(Reached.IDLE_LANE_RAISED);
      }
    }
    return world.database.watermark(epoch, numbers, watermarks);
  }

  @Override
  public void change(ChangeBatch batch) {
    run(
        flush,
        world.tracing ? "change " + world.describe(batch) : "change",
        () -> {
          boolean[] found = world.database.change(epoch, batch);
          if (found != null) {
            world.oracle.changed(batch);
          }
          return found;
        },
        found -> owner.changed(batch, found, node.now()),
        refused -> owner.changeRefused(batch, refused.content, "refused", node.now()));
    world.faults.changeSent(this);
  }

  @Override
  public void readRetries(int[] numbers, long until) {
    run(
        flush,
        "retries",
        () -> world.reads.retries(numbers, until, world.plan.retriesRead()),
        rows -> owner.retriesRead(rows, until, node.now()),
        refused -> owner.watermarkWritten(node.now()));
  }

  @Override
  public void retain(int[] numbers, long[] floors) {
    run(
        flush,
        world.tracing ? "floor " + world.describe(numbers, floors) : "floor",
        fencing(() -> world.database.retain(epoch, numbers, floors), numbers),
        done -> owner.retained(node.now()),
        refused -> owner.retained(node.now()));
  }

  @Override
  public void load(LoadBatch batch) {
    run(
        read,
        "load",
        () -> world.reads.load(batch),
        rows -> owner.loaded(batch, rows, node.now()),
        refused -> later(READ_AGAIN, () -> owner.loadFailed(batch, node.now())));
  }

  @Override
  public void readLog(LogRead asked) {
    run(
        read,
        world.tracing
            ? "read resource "
                + asked.resource().id()
                + " ("
                + asked.from()
                + ", "
                + asked.to()
                + "]"
            : "read",
        () -> {
          LogRead.Result result = world.reads.log(asked, world.chance.between(1, 6));
          world.read(asked, result);
          return result;
        },
        result -> owner.logRead(asked, result, node.now()),
        refused -> later(READ_AGAIN, () -> owner.readFailed(node.now())));
  }

  // --- POSTs ---

  @Override
  public void connect(Subscription subscription) {
    // Nothing is written by a process that has just been frozen in this very turn.
    if (world.chance.permille(300) && !node.frozen) {
      ready(subscription);
    } else {
      later(world.chance.between(0, 8), () -> ready(subscription));
    }
  }

  /** A connection is ready, or none comes about. */
  private void ready(Subscription subscription) {
    if (over) {
      return;
    }
    if (!node.holdsLease()) {
      lost("the lease has run out");
      return;
    }
    Delivery delivery = owner.connected(subscription, node.now());
    if (delivery != null) {
      SimulatedPost post = new SimulatedPost(this, delivery);
      delivery.exchange = post;
      posts.add(post);
      node.write(post);
      if (delivery.entry == null && awaited.remove(subscription)) {
        world.faults.awaitedStarted();
      }
    }
  }

  /** What came of an attempt. */
  void ended(SimulatedPost post, int status, int pause) {
    post.close();
    node.judge(post, status, pause);
  }

  void ended(Delivery delivery, Outcome outcome, int status, boolean opened) {
    fact(
        () ->
            owner.ended(
                delivery,
                outcome,
                new Owner.Answer((short) status, null, null),
                opened,
                node.now()));
  }

  void deadline(SimulatedPost post) {
    later(
        DEADLINE,
        () -> {
          if (!post.closed) {
            world.reached(Reached.DEADLINE);
            post.close();
            ended(post, 0, 0);
          }
        });
  }

  @Override
  public void abort(Delivery delivery) {
    if (world.breach != Breach.NOT_ABORTED && delivery.exchange instanceof SimulatedPost post) {
      post.close();
    }
  }

  // --- the rest ---

  @Override
  public void answer(Submission submission, Verdict verdict) {
    Long since = submitted.remove(submission);
    if (since == null) {
      throw new Violation("a second verdict on " + world.describe(submission) + ": " + verdict);
    }
    if (world.now - since > 1_000 && node.thawedAt < since) {
      throw new Violation("P11: no verdict for " + (world.now - since) + " ms: " + verdict);
    }
    world.oracle.answered(submission, verdict);
  }

  @Override
  public void wakeAt(long at) {
    int mine = ++alarm;
    later(
        (int) Math.max(1, at - node.now()),
        () -> {
          if (mine == alarm) {
            awake();
          }
        });
  }

  private void awake() {
    if (node.holdsLease()) {
      owner.awake(node.now());
    } else {
      lost("the lease has run out");
    }
  }

  @Override
  public void note(Note note, @Nullable Subscription subscription, long number) {
    if (note == Note.GAP) {
      world.reached(Reached.GAP);
    } else if (note == Note.DEAD_LETTER) {
      world.reached(Reached.DEAD_LETTER);
    }
  }

  /** Tells a fact, unless the owner is over. */
  void fact(Runnable tell) {
    if (!over) {
      tell.run();
    }
  }

  void later(int delay, Runnable fact) {
    node.later(delay, () -> fact(fact));
  }
}
