package io.livehook.log;

import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one event loop's lanes owned: connects, signs on, takes over, and starts again under a new
 * epoch whenever an owner is over (R3). Everything but {@link #submit} runs on its event loop.
 */
final class LaneRunner {
  private static final Logger LOG = LoggerFactory.getLogger(LaneRunner.class);
  private static final long CONNECT_AGAIN = 250;

  private final Context context;
  private final OwnerShell.Surroundings given;
  private final PgConnectOptions database;
  private final int[] lanes;
  private final int laneCount;
  private final Door door;
  private final List<PgConnection> connections = new ArrayList<>();
  private @Nullable OwnerShell shell;
  private volatile boolean running;
  private volatile long epoch;
  private boolean stopped;

  /** Signs owners on, when this node may have the lanes (R5). */
  interface Door {
    Future<Takeover.SignedOn> signOn(int[] lanes);
  }

  /** What a runner is told of its place. */
  record Place(Context context, int[] lanes, int laneCount, Door door) {}

  LaneRunner(Place place, OwnerShell.Surroundings given, PgConnectOptions database) {
    this.context = place.context();
    this.lanes = place.lanes();
    this.laneCount = place.laneCount();
    this.door = place.door();
    this.given = given;
    this.database = database;
  }

  /** Lanes are owned and accepting; from any thread. */
  boolean running() {
    return running;
  }

  /** The owner's epoch, 0 while there is none; from any thread. */
  long epoch() {
    return running ? epoch : 0;
  }

  /** From any thread; completes on the caller's context. */
  Future<Verdict> submit(Submission submission) {
    if (Vertx.currentContext() == context) {
      return accept(submission);
    }
    Context caller = given.vertx().getOrCreateContext();
    Promise<Verdict> promise = Promise.promise();
    context.runOnContext(
        on ->
            accept(submission)
                .onComplete(verdict -> caller.runOnContext(back -> promise.handle(verdict))));
    return promise.future();
  }

  private Future<Verdict> accept(Submission submission) {
    OwnerShell current = shell;
    return current == null
        ? Future.succeededFuture(new Verdict.Unavailable(1))
        : current.submit(submission);
  }

  /** Ends when the lanes are owned for the first time. */
  Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(on -> run().onComplete(started));
    return started.future();
  }

  private Future<Void> run() {
    return connect()
        .compose(this::signOn)
        .recover(
            failure -> {
              LOG.warn("lanes not taken over yet, tried again: {}", failure.toString());
              disconnect();
              return stopped ? Future.succeededFuture() : pause(CONNECT_AGAIN).compose(w -> run());
            });
  }

  private Future<Void> pause(long milliseconds) {
    Promise<Void> waited = Promise.promise();
    given.vertx().setTimer(milliseconds, id -> waited.complete());
    return waited.future();
  }

  private Future<OwnerShell.Connections> connect() {
    return connectOne("append", true)
        .compose(
            append ->
                connectOne("flush", false)
                    .compose(
                        flush ->
                            connectOne("read", true)
                                .map(read -> new OwnerShell.Connections(append, flush, read))));
  }

  private Future<PgConnection> connectOne(String role, boolean synchronous) {
    PgConnectOptions options =
        new PgConnectOptions(database)
            .addProperty("application_name", "livehook-" + role)
            .addProperty("synchronous_commit", synchronous ? "on" : "off")
            .addProperty("statement_timeout", "20000")
            .addProperty("idle_in_transaction_session_timeout", "30000");
    return PgConnection.connect(given.vertx(), options).onSuccess(connections::add);
  }

  private Future<Void> signOn(OwnerShell.Connections opened) {
    Promise<Takeover.SignedOn> signedOn = Promise.promise();
    door.signOn(lanes).onComplete(answer -> context.runOnContext(back -> signedOn.handle(answer)));
    return signedOn
        .future()
        .compose(owner -> new Takeover(opened.append(), lanes).run(owner))
        .map(adopted -> own(opened, adopted));
  }

  private @Nullable Void own(OwnerShell.Connections opened, Takeover.Adopted adopted) {
    if (stopped) {
      disconnect();
      return null;
    }
    OwnerShell made = new OwnerShell(given, opened, laneCount, adopted.epoch(), this::startAgain);
    shell = made;
    watch(opened.append(), made);
    watch(opened.flush(), made);
    opened.read().closeHandler(closed -> readAgain(made));
    made.adopt(adopted);
    epoch = adopted.epoch();
    running = true;
    LOG.info("owner {} runs {} lanes", adopted.epoch(), lanes.length);
    return null;
  }

  private static void watch(PgConnection connection, OwnerShell owner) {
    Throwable why = new IllegalStateException("a connection was lost");
    connection.closeHandler(closed -> owner.lost(why));
    connection.exceptionHandler(owner::lost);
  }

  /** The read connection holds no promise: only it is opened again. */
  private void readAgain(OwnerShell owner) {
    if (shell == owner && !stopped) {
      connectOne("read", true)
          .onSuccess(
              connection -> {
                connection.closeHandler(closed -> readAgain(owner));
                owner.readWith(connection);
              })
          .onFailure(failure -> pause(CONNECT_AGAIN).onSuccess(waited -> readAgain(owner)));
    }
  }

  private void startAgain() {
    running = false;
    shell = null;
    disconnect();
    if (!stopped) {
      run().onFailure(bug -> LOG.error("lanes stay without an owner", bug));
    }
  }

  private void disconnect() {
    List<PgConnection> open = List.copyOf(connections);
    connections.clear();
    for (PgConnection each : open) {
      each.close().onFailure(gone -> LOG.debug("connection was gone: {}", gone.toString()));
    }
  }

  /** The heartbeat read back that an owner of ours has been ended. */
  void fenced() {
    context.runOnContext(
        on -> {
          if (shell != null) {
            shell.lost(new IllegalStateException("another node has taken over"));
          }
        });
  }

  /** Updates accepted before this millisecond may be forgotten (R14). From any thread. */
  void retain(long before) {
    context.runOnContext(
        on -> {
          if (shell != null) {
            shell.retain(before);
          }
        });
  }

  /** Clean stop: drain, hand over, close. */
  Future<Void> stop(long deadlineNanos) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(on -> drain(deadlineNanos).onComplete(done));
    return done.future();
  }

  private Future<Void> drain(long deadlineNanos) {
    stopped = true;
    OwnerShell current = shell;
    if (current == null) {
      disconnect();
      return Future.succeededFuture();
    }
    return current
        .drain(deadlineNanos)
        .compose(drained -> handOver(current))
        .onComplete(
            handed -> {
              running = false;
              shell = null;
              disconnect();
            });
  }

  private Future<Void> handOver(OwnerShell current) {
    long ending = current.epoch();
    current.close();
    return connections
        .get(0)
        .preparedQuery(Sql.RELEASE_LANES)
        .execute(io.vertx.sqlclient.Tuple.of(ending))
        .mapEmpty();
  }
}
