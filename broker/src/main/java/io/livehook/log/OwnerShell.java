package io.livehook.log;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.livehook.lane.AppendBatch;
import io.livehook.lane.ChangeBatch;
import io.livehook.lane.Delivery;
import io.livehook.lane.FlushBatch;
import io.livehook.lane.Limits;
import io.livehook.lane.LoadBatch;
import io.livehook.lane.LogRead;
import io.livehook.lane.Orders;
import io.livehook.lane.Outcome;
import io.livehook.lane.Owner;
import io.livehook.lane.Submission;
import io.livehook.lane.Subscription;
import io.livehook.lane.Verdict;
import io.livehook.platform.Ids;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the orders of one {@link Owner} on its event loop, with its own connections, and
 * tells it what came of them. Over for good once a connection or the fence is lost; {@link
 * LaneRunner} then makes a new one (R3).
 */
public final class OwnerShell implements Orders {
  private static final Logger LOG = LoggerFactory.getLogger(OwnerShell.class);
  private static final long READ_AGAIN = 200;

  /** Microseconds: longer than a busy origin takes to send its next update. */
  private static final long MOMENT = 250;

  private final Vertx vertx;
  private final DatabaseClock clock;
  private final Lease lease;
  private final Sender sender;
  private final Owner owner;
  private final AppendStatement appends;
  private final FlushStatements flushes;
  private final ChangeStatements changes;
  private ReadStatements reads;
  private final Runnable over;
  private final Map<Submission, Promise<Verdict>> submitted = new IdentityHashMap<>();
  private final ContextInternal context;
  private long timer = -1;
  private @Nullable ScheduledFuture<?> moment;
  private boolean ended;

  /** The connections of an owner. */
  record Connections(PgConnection append, PgConnection flush, PgConnection read) {}

  /** What an owner is given by its event loop. */
  record Surroundings(
      Vertx vertx, DatabaseClock clock, Lease lease, Sender sender, Ids ids, Limits limits) {}

  OwnerShell(Surroundings given, Connections connections, int lanes, long epoch, Runnable over) {
    this.vertx = given.vertx();
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.clock = given.clock();
    this.lease = given.lease();
    this.sender = given.sender();
    this.over = over;
    this.appends = new AppendStatement(connections.append(), epoch, given.ids());
    this.flushes = new FlushStatements(connections.flush(), epoch);
    this.changes = new ChangeStatements(connections.flush(), epoch);
    this.reads = new ReadStatements(connections.read());
    this.owner = new Owner(epoch, lanes, given.limits(), this, clock.getAsLong());
  }

  void adopt(Takeover.Adopted adopted) {
    owner.adopt(adopted.lanes(), clock.getAsLong());
  }

  // --- facts from outside ---

  Future<Verdict> submit(Submission submission) {
    if (ended || !lease.holds()) {
      return Future.succeededFuture(new Verdict.Unavailable(1));
    }
    Promise<Verdict> promise = Promise.promise();
    submitted.put(submission, promise);
    owner.submit(submission, clock.getAsLong());
    return promise.future();
  }

  /**
   * A connection to the callback is ready: the delivery that goes out in this very turn, or null.
   */
  public @Nullable Delivery connected(Subscription subscription) {
    if (ended) {
      return null;
    }
    if (!lease.holds()) {
      lost(new IllegalStateException("the node lease has run out"));
      return null;
    }
    return owner.connected(subscription, clock.getAsLong());
  }

  /** An attempt ended; {@code opened}: its callback's breaker opened on it. */
  public void ended(Delivery delivery, Outcome outcome, Owner.Answer answer, boolean opened) {
    if (!ended) {
      owner.ended(delivery, outcome, answer, opened, clock.getAsLong());
    }
  }

  public long now() {
    return clock.getAsLong();
  }

  void retain(long before) {
    fact(() -> owner.retain(before, clock.getAsLong()));
  }

  long epoch() {
    return owner.epoch;
  }

  void readWith(PgConnection connection) {
    reads = new ReadStatements(connection);
  }

  /** Stops accepting and starting; ends when nothing runs and everything is flushed. */
  Future<Void> drain(long until) {
    owner.drain(clock.getAsLong());
    Promise<Void> drained = Promise.promise();
    waitDrained(until, drained);
    return drained.future();
  }

  private void waitDrained(long until, Promise<Void> drained) {
    if (ended || owner.drained() || System.nanoTime() >= until) {
      drained.complete();
    } else {
      vertx.setTimer(10, id -> waitDrained(until, drained));
    }
  }

  /** The owner is over: nothing of it is written or sent any more. */
  void lost(Throwable why) {
    if (ended) {
      return;
    }
    ended = true;
    LOG.warn("owner {} is over, its lanes are taken over anew: {}", owner.epoch, why.toString());
    close();
    over.run();
  }

  void close() {
    ended = true;
    sleepOn();
    owner.lost(clock.getAsLong());
    sender.abortAll();
    submitted.values().forEach(each -> each.tryComplete(new Verdict.Unavailable(1)));
    submitted.clear();
  }

  // --- orders ---

  @Override
  public void append(AppendBatch batch) {
    appends
        .run(batch)
        .onSuccess(result -> fact(() -> owner.appended(batch, result, clock.getAsLong())))
        .onFailure(
            failure ->
                unless(
                    failure,
                    trouble ->
                        owner.appendRefused(
                            batch,
                            trouble == Trouble.CONTENT,
                            String.valueOf(failure.getMessage()),
                            clock.getAsLong())));
  }

  @Override
  public void flush(FlushBatch batch) {
    flushes
        .flush(batch)
        .recover(
            failure ->
                Trouble.of(failure) == Trouble.CONTENT
                    ? flushes.flushSplit(batch)
                    : Future.failedFuture(failure))
        .onSuccess(done -> fact(() -> owner.flushed(batch, clock.getAsLong())))
        .onFailure(
            failure -> unless(failure, trouble -> later(() -> owner.flushRefused(batch, now()))));
  }

  @Override
  public void watermark(int[] lanes, long[] watermarks) {
    flushes
        .watermark(lanes, watermarks)
        .onSuccess(done -> fact(() -> owner.watermarkWritten(clock.getAsLong())))
        .onFailure(failure -> unless(failure, trouble -> owner.watermarkWritten(now())));
  }

  @Override
  public void change(ChangeBatch batch) {
    changes
        .run(batch)
        .onSuccess(found -> fact(() -> owner.changed(batch, found, clock.getAsLong())))
        .onFailure(
            failure ->
                unless(
                    failure,
                    trouble ->
                        owner.changeRefused(
                            batch,
                            trouble == Trouble.CONTENT,
                            String.valueOf(failure.getMessage()),
                            now())));
  }

  @Override
  public void readRetries(int[] lanes, long until) {
    flushes
        .dueRetries(lanes, until)
        .onSuccess(rows -> fact(() -> owner.retriesRead(rows, until, clock.getAsLong())))
        .onFailure(failure -> unless(failure, trouble -> owner.watermarkWritten(now())));
  }

  @Override
  public void retain(int[] lanes, long[] floors) {
    flushes
        .retain(lanes, floors)
        .onSuccess(done -> fact(() -> owner.retained(clock.getAsLong())))
        .onFailure(failure -> unless(failure, trouble -> owner.retained(now())));
  }

  @Override
  public void load(LoadBatch batch) {
    reads
        .load(batch)
        .onSuccess(
            (List<LoadBatch.@Nullable LoadedResource> rows) ->
                fact(() -> owner.loaded(batch, rows, clock.getAsLong())))
        .onFailure(failure -> later(() -> owner.loadFailed(batch, now())));
  }

  @Override
  public void readLog(LogRead read) {
    reads
        .log(read)
        .onSuccess(result -> fact(() -> owner.logRead(read, result, clock.getAsLong())))
        .onFailure(failure -> later(() -> owner.readFailed(now())));
  }

  @Override
  public void connect(Subscription subscription) {
    sender.connect(this, subscription);
  }

  @Override
  public void abort(Delivery delivery) {
    sender.abort(delivery);
  }

  @Override
  public void answer(Submission submission, Verdict verdict) {
    Promise<Verdict> promise = submitted.remove(submission);
    if (promise != null) {
      promise.complete(verdict);
    }
  }

  @Override
  public void wakeAt(long at) {
    sleepOn();
    long wait = at - clock.getAsLong();
    if (wait > 0) {
      timer = vertx.setTimer(wait, id -> awake());
    } else { // a timer of Vert.x counts whole milliseconds
      moment =
          context
              .nettyEventLoop()
              .schedule(() -> context.emit(this, OwnerShell::awake), MOMENT, MICROSECONDS);
    }
  }

  private void sleepOn() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    ScheduledFuture<?> soon = moment;
    if (soon != null) {
      soon.cancel(false);
      moment = null;
    }
  }

  private void awake() {
    timer = -1;
    moment = null;
    if (!lease.holds() && !ended) {
      lost(new IllegalStateException("the node lease has run out"));
      return;
    }
    fact(() -> owner.awake(clock.getAsLong()));
  }

  @Override
  public void note(Note note, @Nullable Subscription subscription, long number) {
    String alias = subscription == null ? "" : subscription.publicId;
    switch (note) {
      case CALLBACK_DOWN -> LOG.info("callback.down subscription={} paused, probed next", alias);
      case CALLBACK_UP -> LOG.info("callback.up subscription={} deliveries go on", alias);
      case DEAD_LETTER ->
          LOG.warn("delivery.dead subscription={} update={}", alias, Ids.message(number));
      case GAP -> LOG.warn("subscription.gap subscription={} through={}", alias, number);
      case GONE -> LOG.info("subscription.gone subscription={} ended by 410", alias);
      case MISSING ->
          LOG.error(
              "delivery.dead subscription={} update={}: the log does not have it any more; a dead"
                  + " letter says so",
              alias,
              Ids.message(number));
    }
  }

  // --- how facts are told ---

  /** A bug in the lane must not leave it half-changed: the owner ends and is recovered. */
  private void fact(Runnable tell) {
    if (ended) {
      return;
    }
    try {
      tell.run();
    } catch (RuntimeException bug) {
      LOG.error("the lane failed; its owner ends and is recovered", bug);
      lost(bug);
    }
  }

  private void unless(Throwable failure, java.util.function.Consumer<Trouble> rolledBack) {
    Trouble trouble = Trouble.of(failure);
    if (trouble == Trouble.LOST) {
      lost(failure);
    } else {
      LOG.warn("statement refused, {}: {}", trouble, failure.getMessage());
      fact(() -> rolledBack.accept(trouble));
    }
  }

  private void later(Runnable fact) {
    vertx.setTimer(READ_AGAIN, id -> fact(fact));
  }
}
