package io.livehook.lane;

import io.livehook.lane.SimulatedDatabase.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell of one owner in the simulated world: its statements wait at the server, their replies
 * wait on the wire, its POSTs run. Each moves when the world says so.
 */
final class SimulatedOwner implements Orders {
  enum Line {
    APPEND,
    FLUSH,
    READ
  }

  /** A statement on a connection; its result is null when it met the fence. */
  private record Statement(Line line, Supplier<@Nullable Runnable> run) {}

  private record Reply(Line line, @Nullable Runnable fact) {}

  /** A POST on the wire. */
  static final class Post {
    final Delivery delivery;
    final SimulatedOwner owner;

    Post(Delivery delivery, SimulatedOwner owner) {
      this.delivery = delivery;
      this.owner = owner;
    }
  }

  final Owner owner;
  final List<Subscription> connecting = new ArrayList<>();
  final List<Post> posts = new ArrayList<>();
  private final Simulation world;
  private final SimulatedDatabase database;
  private final Deque<Statement> statements = new ArrayDeque<>();
  private final Deque<Reply> replies = new ArrayDeque<>();
  long wakeAt = Long.MAX_VALUE;
  boolean over;
  boolean frozen;

  SimulatedOwner(Simulation world, SimulatedDatabase database, long epoch, Limits limits) {
    this.world = world;
    this.database = database;
    this.owner = new Owner(epoch, Simulation.LANES, limits, this, world.now());
  }

  // --- moves of the world ---

  boolean hasStatement() {
    return !statements.isEmpty();
  }

  boolean hasReply() {
    return !replies.isEmpty();
  }

  /** The server executes the oldest statement of one connection. */
  void execute(int pick) {
    Line line = List.copyOf(statements).get(pick % statements.size()).line;
    Statement next =
        statements.stream().filter(each -> each.line == line).findFirst().orElseThrow();
    statements.remove(next);
    Runnable fact = next.run.get();
    replies.add(new Reply(line, fact));
  }

  /** A reply arrives; without a fact the owner has met its fence. */
  void reply(int pick) {
    Line line = List.copyOf(replies).get(pick % replies.size()).line;
    Reply next = replies.stream().filter(each -> each.line == line).findFirst().orElseThrow();
    replies.remove(next);
    if (next.fact == null) {
      lost();
    } else {
      next.fact.run();
    }
  }

  /** The server executes what a dead client left behind, or forgets it. */
  void orphans(boolean executed) {
    while (executed && !statements.isEmpty()) {
      var unused = statements.remove().run.get();
    }
    statements.clear();
    replies.clear();
  }

  void lost() {
    if (!over) {
      over = true;
      owner.lost(world.now());
      posts.forEach(world::closed);
      posts.clear();
      connecting.clear();
    }
  }

  /** The process is gone; what it had on the wire may or may not have been processed. */
  void killed() {
    over = true;
    posts.forEach(world::closed);
    posts.clear();
    connecting.clear();
  }

  void connect(int pick) {
    Subscription subscription = connecting.remove(pick % connecting.size());
    Delivery delivery = owner.connected(subscription, world.now());
    if (delivery != null) {
      world.started(this, delivery);
      posts.add(new Post(delivery, this));
    }
  }

  boolean isDue() {
    return wakeAt <= world.now();
  }

  void wake() {
    wakeAt = Long.MAX_VALUE;
    owner.awake(world.now());
  }

  // --- orders ---

  private void send(Line line, Supplier<@Nullable Runnable> run) {
    statements.add(new Statement(line, run));
  }

  private long now() {
    return world.now();
  }

  @Override
  public void append(AppendBatch batch) {
    boolean refused = world.refuses();
    boolean content = refused && world.flip();
    send(
        Line.APPEND,
        () -> {
          if (refused) {
            return () -> owner.appendRefused(batch, content, "refused", now());
          }
          AppendBatch.Result result = database.append(owner.epoch, batch);
          return result == null ? null : () -> owner.appended(batch, result, now());
        });
  }

  @Override
  public void flush(FlushBatch batch) {
    world.tell(
        "flush "
            + batch.attempts.stream()
                .map(a -> a.update() + ">" + a.subscription() + (a.ended() ? "e" : ""))
                .toList()
            + " r"
            + batch.retries
            + batch.retriesEnded
            + " b"
            + batch.behind.stream()
                .map(b -> b.subscription().id + "@" + b.since() + b.reason())
                .toList()
            + batch.behindEnded
            + " g"
            + batch.gaps);
    boolean refused = world.refuses();
    send(
        Line.FLUSH,
        () -> {
          if (refused) {
            return () -> owner.flushRefused(batch, now());
          }
          return database.flush(owner.epoch, batch) ? () -> owner.flushed(batch, now()) : null;
        });
  }

  @Override
  public void watermark(int[] lanes, long[] watermarks) {
    world.tell(
        "watermark " + java.util.Arrays.toString(lanes) + java.util.Arrays.toString(watermarks));
    send(
        Line.FLUSH,
        () ->
            database.watermark(owner.epoch, lanes, watermarks)
                ? () -> owner.watermarkWritten(now())
                : null);
  }

  @Override
  public void change(ChangeBatch batch) {
    world.tell(
        "change "
            + batch.changes().stream()
                .map(
                    c ->
                        c.getClass().getSimpleName()
                            + (c instanceof ChangeBatch.Held h
                                ? h.subscription().id + "@" + h.since()
                                : ""))
                .toList());
    boolean refused = world.refuses();
    send(
        Line.FLUSH,
        () -> {
          if (refused) {
            return () -> owner.changeRefused(batch, false, "refused", now());
          }
          boolean[] found = database.change(owner.epoch, batch);
          return found == null ? null : () -> owner.changed(batch, found, now());
        });
  }

  @Override
  public void readRetries(int[] lanes, long until) {
    send(
        Line.FLUSH,
        () -> {
          List<Retries.Waiting> rows = database.retries(until);
          return () -> owner.retriesRead(rows, until, now());
        });
  }

  @Override
  public void retain(int[] lanes, long[] floors) {
    world.tell("floors " + java.util.Arrays.toString(floors));
    send(
        Line.FLUSH,
        () -> database.retain(owner.epoch, lanes, floors) ? () -> owner.retained(now()) : null);
  }

  @Override
  public void load(LoadBatch batch) {
    send(
        Line.READ,
        () -> {
          List<LoadBatch.@Nullable LoadedResource> rows = database.load(batch);
          return () -> owner.loaded(batch, rows, now());
        });
  }

  @Override
  public void readLog(LogRead read) {
    boolean refused = world.refuses();
    send(
        Line.READ,
        () -> {
          if (refused) {
            return () -> owner.readFailed(now());
          }
          LogRead.Result result = database.read(read);
          return () -> owner.logRead(read, result, now());
        });
  }

  @Override
  public void connect(Subscription subscription) {
    connecting.add(subscription);
  }

  @Override
  public void abort(Delivery delivery) {
    for (Post each : List.copyOf(posts)) {
      if (each.delivery == delivery) {
        posts.remove(each);
        world.closed(each);
      }
    }
  }

  @Override
  public void answer(Submission submission, Verdict verdict) {
    State durable = database.durable();
    world.answered(submission, verdict, durable);
  }

  @Override
  public void wakeAt(long at) {
    wakeAt = at;
  }

  @Override
  public void note(Note note, @Nullable Subscription subscription, long number) {
    world.count(note.name());
  }
}
