package io.livehook.lane;

import io.livehook.lane.SimulatedDatabase.Mutant;
import io.livehook.lane.SimulatedDatabase.State;
import io.livehook.lane.SimulatedDatabase.SubscriptionRow;
import io.livehook.lane.SimulatedOwner.Post;
import io.livehook.lane.Submission.Actor;
import io.livehook.lane.Submission.Representation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * A world of one seed: owners, their connections, callbacks, faults. Every step is drawn from the
 * seed, so that a run can be replayed. After the faults it runs quiet until nothing moves, and the
 * {@link Oracle} decides.
 */
@NullUnmarked // maps of a model: a missing entry is a fault of the simulation
final class Simulation {
  static final int LANES = 3;
  private static final int RESOURCES = 4;
  private static final Actor ACTOR = new Actor("simulation", "req");
  private static final long START = LaneIds.EPOCH + 1_000_000;

  private final SplittableRandom random;
  private final SimulatedDatabase database;
  private final Oracle oracle = new Oracle();
  private final Map<String, Integer> counts;
  private final Consumer<String> history;
  private final List<SimulatedOwner> frozen = new ArrayList<>();
  private final List<Submission> waiting = new ArrayList<>();
  private final Map<String, Integer> failures = new TreeMap<>();
  private final Map<String, Integer> mood = new TreeMap<>();
  private final Set<Long> held = new HashSet<>();
  private final Limits limits;
  private @Nullable SimulatedOwner current;
  private long now = START;
  private int serial;
  private boolean quiet;
  private final boolean calm;

  Simulation(long seed, Mutant mutant, Map<String, Integer> counts, Consumer<String> history) {
    this.random = new SplittableRandom(seed);
    this.database = new SimulatedDatabase(mutant, LANES);
    this.counts = counts;
    this.history = history;
    this.calm = random.nextInt(10) == 0;
    this.limits =
        new Limits(
            1 + random.nextInt(4),
            1 << 20,
            50,
            1 + random.nextInt(6),
            1 + random.nextInt(8),
            8,
            random.nextInt(3) == 0 ? 30 : 10_000,
            60_000,
            1_000,
            3,
            600_000);
    database.onCommit = oracle::tables;
  }

  /** Runs the seed; throws {@link Oracle.Broken} when a promise is. */
  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    settle();
  }

  long now() {
    return now;
  }

  boolean flip() {
    return random.nextBoolean();
  }

  /** Whether PostgreSQL refuses the next statement, rolled back for sure. */
  boolean refuses() {
    boolean refused = !quiet && !calm && random.nextInt(60) == 0;
    if (refused) {
      count("refused");
    }
    return refused;
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  void tell(String what) {
    history.accept("%7d %s".formatted(now - START, what));
  }

  // --- one step ---

  private void step() {
    SimulatedOwner owner = current;
    if (owner == null || owner.over) {
      takeOver();
      return;
    }
    int pick = random.nextInt(1000);
    if (pick < 130) {
      submit(owner);
    } else if (pick < 330) {
      move(owner);
    } else if (pick < 500) {
      reply(owner);
    } else if (pick < 640) {
      connect(owner);
    } else if (pick < 780) {
      answerPost(owner);
    } else if (pick < 960 || calm) {
      pass();
    } else {
      fault(owner);
    }
  }

  private void move(SimulatedOwner owner) {
    if (owner.hasStatement()) {
      owner.execute(random.nextInt(100));
    }
  }

  private void reply(SimulatedOwner owner) {
    if (owner.hasReply()) {
      owner.reply(random.nextInt(100));
    } else {
      move(owner);
    }
  }

  private void connect(SimulatedOwner owner) {
    if (!owner.connecting.isEmpty()) {
      owner.connect(random.nextInt(100));
    }
  }

  private void pass() {
    int kind = random.nextInt(20);
    now += kind == 0 ? 6_000 : kind < 3 ? 1_100 : random.nextInt(60);
    SimulatedOwner owner = current;
    if (owner != null && !owner.over && owner.isDue()) {
      owner.wake();
    }
  }

  // --- submissions ---

  private void submit(SimulatedOwner owner) {
    Submission submission = submission();
    if (submission != null) {
      waiting.add(submission);
      owner.owner.submit(submission, now);
    }
  }

  private @Nullable Submission submission() {
    int resource = random.nextInt(RESOURCES);
    String uri = "r" + resource;
    int lane = resource % LANES;
    int kind = random.nextInt(100);
    if (kind < 60) {
      return push(uri, lane);
    }
    if (kind < 82) {
      return subscribe(uri, lane);
    }
    SubscriptionRow row = anySubscription();
    if (row == null) {
      return push(uri, lane);
    }
    String of = database.live().resources.get(row.resource()).uri();
    int its = Integer.parseInt(of.substring(1)) % LANES;
    if (kind < 88) {
      count("unsubscribe");
      return new Submission.Unsubscribe(1, of, its, row.id(), EndReason.UNSUBSCRIBED, ACTOR);
    }
    if (kind < 96) {
      count("hold");
      return new Submission.Hold(1, of, its, row.id(), !held.contains(row.id()), ACTOR);
    }
    return redeliver(of, its, row);
  }

  private @Nullable Submission redeliver(String uri, int lane, SubscriptionRow row) {
    for (FlushBatch.RetryKey each : database.live().dead) {
      if (each.subscription() == row.id() && database.live().log.containsKey(each.update())) {
        count("redeliver");
        oracle.redelivered(row.id(), each.update());
        return new Submission.Redeliver(1, uri, lane, row.id(), each.update(), ACTOR);
      }
    }
    return null;
  }

  private Submission push(String uri, int lane) {
    String key = random.nextInt(4) == 0 ? "k" + random.nextInt(5) : null;
    byte[] body = new byte[10];
    UpdateKind kind = random.nextInt(10) == 0 ? UpdateKind.DELETED : UpdateKind.VALUE;
    count(key == null ? "push" : "push with key");
    return new Submission.Push(
        1,
        uri,
        lane,
        kind,
        new Representation(null, null, null, body),
        key,
        key == null ? null : new byte[] {(byte) random.nextInt(2)});
  }

  private Submission subscribe(String uri, int lane) {
    String callback = "c" + random.nextInt(4);
    boolean strict = callback.equals("c0");
    int most = callback.equals("c1") ? 3 : 1;
    count("subscribe");
    return new Submission.Subscribe(
        1,
        uri,
        lane,
        "",
        "p" + serial++,
        new SubscriptionOptions(callback, "h" + callback, "", strict, most, null, Long.MAX_VALUE),
        ACTOR);
  }

  private @Nullable SubscriptionRow anySubscription() {
    List<SubscriptionRow> rows =
        database.live().subscriptions.values().stream().filter(SubscriptionRow::active).toList();
    return rows.isEmpty() ? null : rows.get(random.nextInt(rows.size()));
  }

  void answered(Submission submission, Verdict verdict, State durable) {
    boolean awaited = waiting.remove(submission);
    oracle.verdict(submission, verdict, durable);
    tell(
        verdict
            + " to "
            + submission.getClass().getSimpleName()
            + (submission instanceof Submission.Hold hold
                ? " " + hold.held + " " + hold.subscription
                : ""));
    if (!awaited) {
      return;
    }
    unknown(submission, verdict instanceof Verdict.Unavailable);
    if (verdict instanceof Verdict.Done && submission instanceof Submission.Hold hold) {
      if (hold.held) {
        held.add(hold.subscription);
        checkSilent(hold.subscription, "held, and still running");
      } else {
        held.remove(hold.subscription);
      }
    }
    if (verdict instanceof Verdict.Done && submission instanceof Submission.Unsubscribe ended) {
      checkSilent(ended.subscription, "P5: unsubscribed, and still running");
    }
  }

  /** Nobody knows whether a release without an answer was committed. */
  private void unknown(Submission submission, boolean unanswered) {
    if (unanswered && submission instanceof Submission.Hold hold && !hold.held) {
      held.remove(hold.subscription);
    }
  }

  /** The process is gone, and with it the answers. */
  private void forgetWaiting() {
    waiting.forEach(each -> unknown(each, true));
    waiting.clear();
  }

  private void checkSilent(long subscription, String promise) {
    SimulatedOwner owner = current;
    if (owner != null) {
      for (Post each : owner.posts) {
        Oracle.check(each.delivery.subscription.id != subscription, promise);
      }
    }
  }

  // --- callbacks ---

  void started(SimulatedOwner owner, Delivery delivery) {
    tell(
        "POST "
            + delivery.update().id
            + " to "
            + delivery.subscription.id
            + " #"
            + delivery.number());
    Oracle.check(owner == current, "P10: a fenced owner starts a request");
    Oracle.check(!held.contains(delivery.subscription.id), "held, and a request starts");
    oracle.started(delivery, database.live());
  }

  private void answerPost(SimulatedOwner owner) {
    if (!owner.posts.isEmpty()) {
      answerPost(owner, owner.posts.get(random.nextInt(owner.posts.size())));
    }
  }

  private void answerPost(SimulatedOwner owner, Post post) {
    owner.posts.remove(post);
    Delivery delivery = post.delivery;
    String callback = delivery.subscription.options().callback();
    int fate = quiet ? 0 : random.nextInt(100) + mood.getOrDefault(callback, 0);
    if (!quiet && random.nextInt(40) == 0) {
      mood.put(callback, mood.getOrDefault(callback, 0) == 0 ? 100 : 0);
    }
    if (fate < 75) {
      failures.remove(callback);
      oracle.delivered(delivery, true);
      tell("204 " + delivery.update().id + " to " + delivery.subscription.id);
      end(owner, delivery, Outcome.Delivered.INSTANCE, 204, false);
    } else if (fate == 76) {
      count("410");
      end(owner, delivery, new Outcome.Gone(), 410, false);
    } else if (fate < 80) {
      count("503");
      end(
          owner,
          delivery,
          new Outcome.Throttled(now + random.nextInt(20_000), FailureReason.THROTTLED),
          503,
          false);
    } else if (delivery.used() >= 3) {
      count("dead");
      oracle.givenUp(delivery);
      end(owner, delivery, new Outcome.Dead(FailureReason.HTTP_STATUS), 500, false);
    } else {
      boolean opened = failures.merge(callback, 1, Integer::sum) == 5;
      end(
          owner,
          delivery,
          new Outcome.Retry(now + 4_000 + random.nextInt(90_000), FailureReason.HTTP_STATUS),
          500,
          opened);
    }
  }

  private void end(
      SimulatedOwner owner, Delivery delivery, Outcome outcome, int status, boolean opened) {
    owner.owner.ended(delivery, outcome, new Owner.Answer((short) status, null, null), opened, now);
  }

  /** A POST that was closed under way: the receiver may have processed it. */
  void closed(Post post) {
    boolean suspended = !post.owner.over && !oracle.isSilent(post.delivery.subscription.id);
    if (suspended) {
      oracle.suspended(post.delivery);
    }
    if (random.nextBoolean()) {
      oracle.delivered(post.delivery, false);
    }
  }

  // --- faults ---

  private void fault(SimulatedOwner owner) {
    switch (random.nextInt(7)) {
      case 0 -> {
        tell("killed");
        count("kill");
        owner.killed();
        owner.orphans(random.nextBoolean());
        forgetWaiting();
      }
      case 1 -> {
        tell("connection lost");
        count("connection loss");
        owner.lost();
        owner.orphans(random.nextBoolean());
      }
      case 2 -> {
        tell("PostgreSQL crashed");
        count("crash");
        if (database.crash(random) > 0) {
          count("crash that lost commits");
        }
        owner.lost();
        owner.orphans(false);
      }
      case 3 -> {
        tell("frozen");
        count("freeze");
        owner.frozen = true;
        frozen.add(owner);
        forgetWaiting();
        current = null;
      }
      case 4 -> thaw();
      case 5 -> {
        count("retention");
        owner.owner.retain(now - 200 - random.nextInt(20_000), now);
      }
      default -> {
        tell("drained");
        count("drain");
        owner.owner.drain(now);
      }
    }
  }

  /** A frozen owner wakes up: whatever it still writes meets the fence. */
  private void thaw() {
    if (frozen.isEmpty()) {
      return;
    }
    SimulatedOwner thawed = frozen.remove(random.nextInt(frozen.size()));
    count("thaw");
    thawed.posts.forEach(this::closed);
    thawed.posts.clear();
    for (int i = 0; i < 20 && !thawed.over; i++) {
      if (thawed.hasStatement()) {
        thawed.execute(random.nextInt(100));
      } else if (thawed.hasReply()) {
        thawed.reply(random.nextInt(100));
      } else {
        break;
      }
    }
    if (!thawed.over) {
      thawed.owner.awake(now);
      thawed.over = true;
    }
  }

  private void takeOver() {
    SimulatedOwner before = current;
    long epoch = database.signOn();
    count("takeover");
    List<LaneSnapshot> early = database.find();
    boolean late = random.nextInt(4) == 0;
    if (late) {
      stray();
    }
    database.endOthers(epoch);
    database.adopt(epoch);
    if (late) {
      stray();
    }
    if (before != null && !before.over) {
      before.lost();
    }
    oracle.adopted(database.live());
    tell("owner " + epoch);
    SimulatedOwner made = new SimulatedOwner(this, database, epoch, limits);
    current = made;
    made.owner.adopt(database.readsFirst() ? early : database.find(), now);
  }

  /** A statement of a frozen owner reaches the server in the middle of the takeover. */
  private void stray() {
    for (SimulatedOwner each : frozen) {
      if (each.hasStatement()) {
        count("stray statement");
        each.execute(0);
      }
    }
  }

  // --- the quiet end ---

  private void settle() {
    quiet = true;
    while (!frozen.isEmpty()) {
      thaw();
    }
    mood.clear();
    takeOver();
    for (int i = 0; i < 4_000; i++) {
      SimulatedOwner owner = java.util.Objects.requireNonNull(current);
      if (owner.over) {
        takeOver();
      } else if (owner.hasStatement()) {
        owner.execute(0);
      } else if (owner.hasReply()) {
        owner.reply(0);
      } else if (!owner.connecting.isEmpty()) {
        owner.connect(0);
      } else if (!owner.posts.isEmpty()) {
        answerPost(owner, owner.posts.getFirst());
      } else if (i > 600 && resting()) {
        break;
      } else {
        now += 700;
        if (owner.isDue()) {
          owner.wake();
        }
      }
    }
    oracle.tables(database.live());
    oracle.end(database.live(), heldRows());
    waiting.removeIf(oracle::decided);
    Oracle.check(waiting.isEmpty(), "a submission without a verdict: " + waiting);
    for (LogRow each : database.live().log.values()) {
      int lane = LaneIds.laneOf(each.id());
      Oracle.check(
          each.id() <= database.live().watermark.get(lane),
          "R10: the watermark of a quiet lane stands");
    }
  }

  private Set<Long> heldRows() {
    Set<Long> rows = new HashSet<>();
    database
        .live()
        .behind
        .forEach(
            (id, row) -> {
              if (row.reason() == BehindReason.HELD) {
                rows.add(id);
              }
            });
    return rows;
  }

  private boolean resting() {
    State state = database.live();
    Set<Long> held = heldRows();
    return state.retry.keySet().stream().allMatch(key -> held.contains(key.subscription()))
        && state.behind.keySet().stream().allMatch(held::contains)
        && state.log.values().stream()
            .allMatch(each -> each.id() <= state.watermark.get(LaneIds.laneOf(each.id())));
  }
}
