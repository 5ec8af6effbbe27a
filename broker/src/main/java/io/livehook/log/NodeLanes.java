package io.livehook.log;

import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All lanes of this node, one {@link LaneRunner} per event loop, and the node's heartbeat (R5) on a
 * connection of its own. A second process of the same node name refuses to start.
 */
public final class NodeLanes implements Lanes {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLanes.class);
  private static final long BEAT = 2_000;
  private static final long STRANGER_QUIET = 10_000_000_000L;
  private static final int LOCK_TRIES = 40;

  private final Vertx vertx;
  private final Context context;
  private final PgConnectOptions database;
  private final Plan plan;
  private final DatabaseClock clock = new DatabaseClock();
  private final Lease lease = new Lease();
  private final List<LaneRunner> runners = new ArrayList<>();
  private final Map<Long, StrangersBeat> strangers = new HashMap<>();
  private @Nullable PgConnection connection;
  private volatile int laneCount;
  private long node;
  private volatile boolean stopped;

  /** The session of the heartbeat holds the node's name. */
  private boolean named;

  private record StrangersBeat(long beat, long seenAtNanos) {}

  /**
   * How this node runs its lanes.
   *
   * @param name unique among the nodes of a database
   * @param lanes their number when the database is new
   * @param loops one context per event loop
   * @param surroundings what each loop's owner is given
   */
  public record Plan(
      String name, int lanes, List<Context> loops, Function<Context, Surroundings> surroundings) {}

  /** What one event loop brings along. */
  public record Surroundings(
      Sender sender, io.livehook.platform.Ids ids, io.livehook.lane.Limits limits) {}

  public NodeLanes(Vertx vertx, PgConnectOptions database, Plan plan) {
    this.vertx = vertx;
    this.context = plan.loops().get(0);
    this.plan = plan;
    this.database =
        new PgConnectOptions(database)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(8192)
            .setPipeliningLimit(64);
  }

  @Override
  public Future<Verdict> submit(Submission submission) {
    List<LaneRunner> ready = runners;
    if (laneCount == 0 || ready.isEmpty()) {
      return Future.succeededFuture(new Verdict.Unavailable(1));
    }
    return ready.get(submission.lane % ready.size()).submit(submission);
  }

  /** Lanes of the database; 0 before the start. */
  public int laneCount() {
    return laneCount;
  }

  public DatabaseClock clock() {
    return clock;
  }

  /** Every lane is owned and the heartbeat is confirmed. */
  public boolean ready() {
    return laneCount > 0
        && lease.holds()
        && !runners.isEmpty()
        && runners.stream().allMatch(LaneRunner::running);
  }

  /** Ends when every lane is owned. Fails when another process has this node's name. */
  public Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(on -> begin().onComplete(started));
    return started.future();
  }

  private Future<Void> begin() {
    return connect()
        .compose(opened -> lockName(LOCK_TRIES))
        .compose(locked -> register())
        .compose(registered -> beat())
        .onSuccess(beaten -> beatLater())
        .compose(beaten -> startRunners());
  }

  private Future<PgConnection> connect() {
    PgConnectOptions options =
        new PgConnectOptions(database)
            .addProperty("application_name", "livehook-node")
            .addProperty("synchronous_commit", "on")
            .addProperty("statement_timeout", "5000");
    return PgConnection.connect(vertx, options)
        .onSuccess(
            opened -> {
              connection = opened;
              opened.closeHandler(closed -> forget(opened));
            });
  }

  private void forget(PgConnection closed) {
    if (connection == closed) {
      connection = null;
      named = false;
    }
  }

  private Future<RowSet<Row>> execute(String sql, Tuple tuple) {
    PgConnection open = connection;
    return open == null
        ? Future.failedFuture("no connection for the heartbeat")
        : open.preparedQuery(sql).execute(tuple);
  }

  /** A predecessor that was killed holds the lock until PostgreSQL notices: some tries. */
  private Future<Void> lockName(int tries) {
    return execute(Sql.NODE_LOCK, Tuple.of(plan.name()))
        .compose(
            rows -> {
              if (rows.iterator().next().getBoolean("held")) {
                named = true;
                return Future.succeededFuture();
              }
              return tries == 0
                  ? Future.failedFuture(
                      "another process runs under the node name '"
                          + plan.name()
                          + "'; stop it, or choose another node.name")
                  : pause(250).compose(waited -> lockName(tries - 1));
            });
  }

  private Future<Void> pause(long milliseconds) {
    Promise<Void> waited = Promise.promise();
    vertx.setTimer(milliseconds, id -> waited.complete());
    return waited.future();
  }

  private Future<Void> register() {
    return execute(Sql.NODE, Tuple.of(plan.name()))
        .onSuccess(rows -> node = rows.iterator().next().getLong("id"))
        .compose(rows -> execute(Sql.LANES, Tuple.of(plan.lanes())))
        .onSuccess(rows -> laneCount = rows.iterator().next().getInteger("lanes"))
        .mapEmpty();
  }

  private Future<Void> beat() {
    long sentAt = System.nanoTime();
    return execute(Sql.BEAT, Tuple.of(node))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              lease.confirmed(sentAt);
              clock.read(row.getLong("now"), sentAt);
              readBack(new HashSet<>(Arrays.asList(row.getArrayOfLongs("owners"))));
              return null;
            });
  }

  private void readBack(Set<Long> living) {
    for (LaneRunner each : runners) {
      long epoch = each.epoch();
      if (epoch != 0 && !living.contains(epoch)) {
        each.fenced();
      }
    }
  }

  private void beatLater() {
    vertx.setTimer(BEAT, id -> beatAgain());
  }

  private void beatAgain() {
    if (stopped) {
      return;
    }
    Future<Void> beaten = named ? beat() : reconnect();
    beaten
        .onFailure(failure -> LOG.warn("heartbeat failed, tried again: {}", failure.toString()))
        .onComplete(done -> beatLater());
  }

  /** Without the name nothing is confirmed: another process may run under it meanwhile. */
  private Future<Void> reconnect() {
    PgConnection open = connection;
    return (open == null ? connect() : Future.succeededFuture(open))
        .compose(opened -> lockName(0))
        .compose(locked -> beat());
  }

  /** From any thread; ends when this node may have the lanes. */
  private Future<Takeover.SignedOn> signOn(int[] lanes) {
    Promise<Takeover.SignedOn> signedOn = Promise.promise();
    context.runOnContext(on -> signOnWhenFree(lanes).onComplete(signedOn));
    return signedOn.future();
  }

  private Future<Takeover.SignedOn> signOnWhenFree(int[] lanes) {
    if (stopped || !named || !lease.holds()) {
      return Future.failedFuture("the node stops, or has neither its name nor its lease");
    }
    return execute(Sql.STRANGERS, Tuple.of(node))
        .compose(
            rows ->
                haveDied(rows)
                    ? signOn(lanes, rows)
                    : pause(BEAT).compose(waited -> signOnWhenFree(lanes)));
  }

  private Future<Takeover.SignedOn> signOn(int[] lanes, RowSet<Row> dead) {
    List<Long> nodes = new ArrayList<>();
    dead.forEach(row -> nodes.add(row.getLong("id")));
    Tuple tuple =
        Tuple.tuple()
            .addLong(node)
            .addArrayOfInteger(FlushStatements.boxed(lanes))
            .addArrayOfLong(nodes.toArray(Long[]::new));
    return execute(Sql.SIGN_ON, tuple)
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Takeover.SignedOn(row.getLong("id"), List.of(row.getArrayOfLongs("replaced"))));
  }

  /** R5: a node that holds lanes and whose beat still moves keeps them; we wait. */
  private boolean haveDied(RowSet<Row> others) {
    boolean died = true;
    for (Row row : others) {
      died &= hasDied(row);
    }
    return died;
  }

  private boolean hasDied(Row row) {
    long now = System.nanoTime();
    StrangersBeat seen =
        strangers.merge(
            row.getLong("id"),
            new StrangersBeat(row.getLong("beat"), now),
            (before, read) -> before.beat() == read.beat() ? before : read);
    boolean died = row.getBoolean("run_out") && now - seen.seenAtNanos() >= STRANGER_QUIET;
    if (!died) {
      LOG.info("node {} holds lanes; waiting until its lease has run out", row.getString("name"));
    }
    return died;
  }

  private Future<Void> startRunners() {
    int loops = plan.loops().size();
    List<Future<Void>> started = new ArrayList<>();
    List<LaneRunner> made = new ArrayList<>();
    for (int i = 0; i < loops; i++) {
      Context loop = plan.loops().get(i);
      Surroundings brought = plan.surroundings().apply(loop);
      made.add(
          new LaneRunner(
              new LaneRunner.Place(
                  loop, Takeover.lanesOf(i, loops, laneCount), laneCount, this::signOn),
              new OwnerShell.Surroundings(
                  vertx, clock, lease, brought.sender(), brought.ids(), brought.limits()),
              database));
    }
    runners.addAll(made);
    made.forEach(each -> started.add(each.start()));
    return Future.all(started).mapEmpty();
  }

  /** Updates accepted before this millisecond of the database's clock may be forgotten (R14). */
  public void retain(long before) {
    runners.forEach(each -> each.retain(before));
  }

  /** Clean stop (drain, flush, hand over), at most until the deadline. */
  public Future<Void> stop(long deadlineNanos) {
    stopped = true;
    List<Future<Void>> stops = new ArrayList<>();
    runners.forEach(each -> stops.add(each.stop(deadlineNanos)));
    return Future.join(stops)
        .eventually(
            () -> {
              PgConnection open = connection;
              return open == null ? Future.succeededFuture() : open.close();
            })
        .mapEmpty();
  }
}
