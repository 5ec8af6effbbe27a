package io.livehook.subscription;

import io.livehook.lane.EndReason;
import io.livehook.lane.LaneOf;
import io.livehook.lane.Submission;
import io.livehook.lane.Verdict;
import io.livehook.log.Lanes;
import io.livehook.platform.Ids;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the subscriptions of deleted tenants, without a word to their callbacks: through the lanes,
 * one bounded batch after another. What is left is read from the tables, so a run that was cut off
 * goes on after a restart. Cold.
 */
public final class TenantRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(TenantRemoval.class);
  private static final String DOOMED_TENANTS = load("doomed_tenants");
  private static final String DOOMED = load("doomed");
  private static final String TENANT_DELETED = load("tenant_deleted");
  private static final long EVERY = Duration.ofSeconds(2).toMillis();
  private static final int BATCH = 200;
  private static final Submission.Actor BY = new Submission.Actor("broker", "tenant deletion");

  private final Vertx vertx;
  private final Pool pool;
  private final Lanes lanes;
  private final IntSupplier laneCount;
  private boolean stopped;

  public TenantRemoval(Vertx vertx, Pool pool, Lanes lanes, IntSupplier laneCount) {
    this.vertx = vertx;
    this.pool = pool;
    this.lanes = lanes;
    this.laneCount = laneCount;
  }

  private static String load(String name) {
    return Statements.load(TenantRemoval.class, name);
  }

  /** The lanes must be owned. */
  public void start() {
    vertx.setTimer(EVERY, id -> runAndAgain());
  }

  public void stop() {
    stopped = true;
  }

  private void runAndAgain() {
    if (!stopped) {
      runOnce()
          .onFailure(failed -> LOG.warn("tenants not removed yet, tried again: {}", failed + ""))
          .onComplete(done -> start());
    }
  }

  private record Doomed(long id, UUID publicId, boolean settled) {}

  /** One pass over all tenants that are being deleted; fails when a lane cannot answer now. */
  public Future<Void> runOnce() {
    return pool.query(DOOMED_TENANTS)
        .execute()
        .compose(
            rows -> {
              Future<Void> passes = Future.succeededFuture();
              for (Row row : rows) {
                Doomed tenant =
                    new Doomed(
                        row.getLong("id"), row.getUUID("public_id"), row.getBoolean("settled"));
                passes = passes.compose(before -> endAll(tenant, 0));
              }
              return passes;
            });
  }

  private Future<Void> endAll(Doomed tenant, long after) {
    if (stopped) {
      return Future.succeededFuture();
    }
    return pool.preparedQuery(DOOMED)
        .execute(Tuple.of(tenant.id(), after, BATCH))
        .compose(rows -> rows.size() == 0 ? ended(tenant, after) : endBatch(tenant, rows));
  }

  private Future<Void> endBatch(Doomed tenant, RowSet<Row> rows) {
    List<Future<Verdict>> asked = new ArrayList<>(rows.size());
    long last = 0;
    for (Row row : rows) {
      last = row.getLong("id");
      asked.add(end(tenant, row.getString("uri"), last));
    }
    long after = last;
    return Future.all(asked).compose(done -> endAll(tenant, after));
  }

  private Future<Verdict> end(Doomed tenant, String uri, long subscription) {
    int lane = LaneOf.lane(tenant.publicId(), uri, laneCount.getAsInt());
    Submission.Unsubscribe unsubscribe =
        new Submission.Unsubscribe(
            tenant.id(), uri, lane, subscription, EndReason.TENANT_DELETED, BY);
    return lanes
        .submit(unsubscribe)
        .compose(
            verdict ->
                verdict instanceof Verdict.Unavailable
                    ? Future.failedFuture("lane " + lane + " changes hands")
                    : Future.succeededFuture(verdict));
  }

  /** A pass that found nothing, after the last request that could add something. */
  private Future<Void> ended(Doomed tenant, long after) {
    if (after > 0 || !tenant.settled()) {
      return Future.succeededFuture();
    }
    String shown = Ids.text(Ids.Kind.TENANT, tenant.publicId());
    return pool.preparedQuery(TENANT_DELETED)
        .execute(Tuple.of(tenant.id(), shown, BY.name(), BY.requestId()))
        .onSuccess(done -> LOG.atInfo().addKeyValue("tenant", shown).log("tenant.emptied"))
        .mapEmpty();
  }
}
