package io.livehook.lane;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One owner: an event loop's lanes, from sign-on until either of its connections is lost. Every
 * public method is a fact, told on one thread with the database-clock millisecond {@code now}; what
 * follows from it goes out through {@link Orders} before the method returns.
 *
 * <pre>
 *   submit ─▶ (load) ─▶ Appends ──committed──▶ fanOut ─▶ Dispatch ──connected──▶ POST
 *                                                          ▲                      │ ended
 *                        Retries, Callbacks (probe, up) ───┘        Endings ◀─────┘
 *                                                                     │
 *                        Watermark ◀──flushed── Flushes ◀─────────────┘
 * </pre>
 */
public final class Owner {
  /** The epoch: grows, is used once, fences. */
  public final long epoch;

  final Orders orders;
  final Limits limits;
  final Subscriptions subscriptions = new Subscriptions(this);
  final Appends appends = new Appends(this);
  final Loads loads = new Loads(this);
  final Reads reads = new Reads(this);
  final Dispatch dispatch = new Dispatch(this);
  final Endings endings = new Endings(this);
  final Alarms alarms = new Alarms(this);
  final Behinds behinds = new Behinds(this);
  final Callbacks callbacks = new Callbacks(this);
  final Retries retries = new Retries(this);
  final Flushes flushes = new Flushes(this);
  final Changes changes = new Changes(this);
  final Retention retention = new Retention(this);

  long now;
  private final @Nullable Lane[] lanes;
  private long bodies;
  private long housekeepingAt;
  private boolean over;
  private boolean draining;
  private boolean settling;
  private boolean again;
  private long wakeAt = Long.MAX_VALUE;

  public Owner(long epoch, int lanes, Limits limits, Orders orders, long now) {
    this.epoch = epoch;
    this.lanes = new Lane[lanes];
    this.limits = limits;
    this.orders = orders;
    this.now = now;
  }

  // --- facts ---

  /** Lanes were taken over (R4): accept and deliver from their tails on, recover what is below. */
  public void adopt(List<LaneSnapshot> found, long now) {
    fact(
        now,
        at -> {
          for (LaneSnapshot each : found) {
            Lane lane = new Lane(each);
            lanes[each.lane()] = lane;
            Recovery.recover(this, lane, each);
          }
        });
  }

  /** Somebody asks something of a resource. */
  public void submit(Submission submission, long now) {
    fact(now, at -> route(submission));
  }

  public void appended(AppendBatch batch, AppendBatch.Result result, long now) {
    fact(now, at -> appends.appended(batch, result));
  }

  /** A definite rollback; {@code content}: PostgreSQL refuses what a line holds (class 22, 23). */
  public void appendRefused(AppendBatch batch, boolean content, String why, long now) {
    fact(now, at -> appends.refused(batch, content, why));
  }

  public void flushed(FlushBatch batch, long now) {
    fact(now, at -> flushes.flushed(batch));
  }

  /** A definite rollback of a flush: the same facts are sent again at the next occasion. */
  public void flushRefused(FlushBatch batch, long now) {
    fact(now, at -> flushes.refused(batch));
  }

  public void watermarkWritten(long now) {
    fact(now, at -> flushes.finished());
  }

  /** Committed; an element is false when its change found nothing to change. */
  public void changed(ChangeBatch batch, boolean[] found, long now) {
    fact(now, at -> changes.changed(batch, found));
  }

  /** A definite rollback of the changes. */
  public void changeRefused(ChangeBatch batch, boolean content, String why, long now) {
    fact(now, at -> changes.refused(batch, content, why));
  }

  public void retriesRead(List<Retries.Waiting> rows, long until, long now) {
    fact(now, at -> retries.read(rows, until));
  }

  public void loaded(
      LoadBatch batch, List<LoadBatch.@Nullable LoadedResource> resources, long now) {
    fact(now, at -> loads.loaded(batch, resources));
  }

  public void logRead(LogRead read, LogRead.Result result, long now) {
    fact(now, at -> reads.read(read, result));
  }

  /** A read failed on a living connection: ask again later. */
  public void readFailed(long now) {
    fact(now, at -> reads.failed());
  }

  public void loadFailed(LoadBatch batch, long now) {
    fact(now, at -> loads.failed(batch));
  }

  /**
   * A connection is ready: which delivery goes out now? Null: none after all. The shell writes the
   * request bytes in this very turn.
   */
  public @Nullable Delivery connected(Subscription subscription, long now) {
    if (over) {
      return null;
    }
    this.now = Math.max(this.now, now);
    Delivery delivery = dispatch.connected(subscription);
    if (!settling && dispatch.hasReady()) {
      wakeAt = this.now;
      orders.wakeAt(this.now);
    }
    return delivery;
  }

  /** An attempt ended. {@code opened}: the callback's breaker opened on it. */
  public void ended(Delivery delivery, Outcome outcome, Answer answer, boolean opened, long now) {
    fact(now, at -> endings.ended(delivery, outcome, answer, opened));
  }

  /** What came back, for the attempt's row. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(short status, @Nullable String reason, byte @Nullable [] body) {}

  /** Updates accepted before this millisecond may be forgotten (R14). */
  public void retain(long before, long now) {
    fact(now, at -> retention.ask(LaneIds.bound(before)));
  }

  public void retained(long now) {
    fact(now, at -> flushes.finished());
  }

  /** The time asked for by {@link Orders#wakeAt} has come. */
  public void awake(long now) {
    fact(
        now,
        at -> {
          wakeAt = Long.MAX_VALUE;
          appends.lull();
          tick();
        });
  }

  /** Accept and start nothing more; the shell waits until {@link #drained}. */
  public void drain(long now) {
    fact(now, at -> draining = true);
  }

  /** The fence is lost, or a connection: nothing of this owner may be written any more (R2, R3). */
  public void lost(long now) {
    this.now = Math.max(this.now, now);
    over = true;
    appends.drop();
    changes.drop();
    loads.expire(Long.MAX_VALUE);
  }

  // --- questions ---

  /** Nothing runs and nothing is left to be written. */
  public boolean drained() {
    return over || (dispatch.running() == 0 && appends.idle() && changes.idle() && flushes.clean());
  }

  /** Attempts running. */
  public int running() {
    return dispatch.running();
  }

  // --- the flow ---

  private void fact(long now, LongConsumer take) {
    if (over) {
      return;
    }
    this.now = Math.max(this.now, now);
    boolean outer = !settling;
    settling = true;
    try {
      take.accept(this.now);
      again = true;
      if (outer) {
        settle();
      }
    } finally {
      if (outer) {
        settling = false;
      }
    }
  }

  /** Sends what may be sent, in the order that gets answers to origins first. */
  private void settle() {
    while (again && !over) {
      again = false;
      appends.send();
      dispatch.pump();
      if (over) {
        return;
      }
      flushes.send();
      loads.send();
      reads.send();
    }
    long at = nextAwake();
    if (at < wakeAt && !over) {
      wakeAt = at;
      orders.wakeAt(at);
    }
  }

  private void route(Submission submission) {
    submission.since = now;
    Lane lane = lanes[submission.lane];
    if (lane == null || draining) {
      answer(submission, new Verdict.Unavailable(1));
      return;
    }
    Resource resource = lane.resource(submission.tenant, submission.uri);
    resource.usedAt = now;
    if (resource.loaded) {
      take(submission, resource);
    } else {
      loads.await(submission, resource);
    }
  }

  /** A submission whose resource is in memory. */
  void take(Submission submission, Resource resource) {
    if (over) {
      answer(submission, new Verdict.Unavailable(1));
    } else if (resource.undecided(submission)) {
      changes.await(submission, resource);
    } else if (submission instanceof Submission.Push push) {
      int lag = lag(resource.lane);
      if (lag > 0) {
        answer(push, new Verdict.Lagging(lag));
      } else {
        appends.push(push, resource);
      }
    } else {
      changes.ask(submission, resource);
    }
  }

  /** It was made or not: what waited for that goes on. */
  void decided(Resource resource) {
    List<Submission> waited = List.copyOf(resource.waiting);
    resource.waiting.clear();
    for (Submission each : waited) {
      take(each, resource);
    }
    if (!resource.stored && resource.pending == 0 && resource.waiting.isEmpty()) {
      resource.lane.evict(resource);
    }
  }

  /** Seconds to wait before the next try when deliveries lag too far behind the log, or 0. */
  private int lag(Lane lane) {
    if (lane.watermark.length() > limits.lagUpdates()) {
      return 5;
    }
    Update oldest = lane.watermark.length() < 1000 ? null : lane.watermark.oldestUnresolved();
    return oldest != null && now - LaneIds.millisecond(oldest.id) > limits.lag() ? 5 : 0;
  }

  /** A committed update goes into memory and to every subscription that it is owed to. */
  void fanOut(Update update) {
    Resource resource = update.resource;
    resource.usedAt = now;
    resource.append(update);
    resource.lane.watermark.add(update);
    for (Subscription each : resource.subscriptions) {
      if (each.owed(update)) {
        owe(each, update);
      }
    }
    if (update.unresolved == 0 || bodies + update.size() > limits.bodies()) {
      update.forgetBody();
    } else {
      bodies += update.size();
    }
  }

  private void owe(Subscription subscription, Update update) {
    if (!subscription.uncounted) {
      update.unresolved++;
      if (subscription.next == null) {
        subscription.next = update;
      }
      if (subscription.callback.down || subscription.held) {
        behinds.put(subscription);
      }
    }
    dispatch.ready(subscription);
  }

  /** One subscription less waits for this update. */
  void resolved(Update update) {
    if (--update.unresolved == 0) {
      bodies -= update.size();
      update.forgetBody();
    }
  }

  void answer(Submission submission, Verdict verdict) {
    if (!submission.answered) {
      submission.answered = true;
      orders.answer(submission, verdict);
    }
  }

  private void tick() {
    appends.expire(now - Limits.PATIENCE);
    changes.expire(now - Limits.PATIENCE);
    loads.expire(now - Limits.PATIENCE);
    endings.judge();
    dispatch.slow();
    alarms.ring();
    if (now >= housekeepingAt) {
      housekeepingAt = now + 1_000;
      behinds.tick();
      for (@Nullable Lane lane : lanes) {
        if (lane != null) {
          lane.watermark.raiseWhenQuiet(now);
          loads.evict(lane, 2_000, now - 60_000);
        }
      }
    }
  }

  private long nextAwake() {
    long at = housekeepingAt;
    long waits = Math.min(appends.oldest(), Math.min(changes.oldest(), loads.oldest()));
    at = Math.min(at, plus(waits, Limits.PATIENCE));
    at = Math.min(at, endings.nextJudgement());
    at = Math.min(at, dispatch.nextSlow());
    at = Math.min(at, alarms.next());
    at = Math.min(at, flushes.nextDue());
    return appends.gathering() ? now : Math.max(at, now + 1);
  }

  private static long plus(long at, long more) {
    return at == Long.MAX_VALUE ? at : at + more;
  }

  Lane lane(int number) {
    Lane lane = lanes[number];
    if (lane == null) {
      throw new IllegalStateException("lane " + number + " is not owned");
    }
    return lane;
  }

  @Nullable Lane[] lanes() {
    return lanes;
  }

  boolean draining() {
    return draining;
  }

  boolean starts() {
    return !over && !draining;
  }
}
