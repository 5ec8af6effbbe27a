package io.livehook.retention;

import io.livehook.log.NodeLanes;
import io.livehook.platform.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs hourly: partitions ahead, floors, partitions dropped, old tombstones. Cold. */
public final class RetentionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionLoop.class);
  private static final String CREATE_DAYS = Statements.load(RetentionLoop.class, "create_days");
  private static final String DROP_DAYS = Statements.load(RetentionLoop.class, "drop_days");
  private static final String DROP_TOMBSTONES =
      Statements.load(RetentionLoop.class, "drop_tombstones");
  private static final long EVERY = Duration.ofHours(1).toMillis();

  private final Vertx vertx;
  private final Pool pool;
  private final NodeLanes lanes;
  private final Duration log;
  private final Duration tombstones;
  private boolean stopped;

  public RetentionLoop(Vertx vertx, Pool pool, NodeLanes lanes, Duration log, Duration tombstones) {
    this.vertx = vertx;
    this.pool = pool;
    this.lanes = lanes;
    this.log = log;
    this.tombstones = tombstones;
  }

  /** Partitions must exist before the first append. */
  public static Future<Void> createDays(Pool pool) {
    return pool.query(CREATE_DAYS).execute().mapEmpty();
  }

  /** Starts the loop; the first run is an hour away, since the start has made the partitions. */
  public void start() {
    vertx.setTimer(EVERY, id -> runAndAgain());
  }

  public void stop() {
    stopped = true;
  }

  private void runAndAgain() {
    if (!stopped) {
      runOnce()
          .onFailure(failure -> LOG.warn("retention failed, tried again in an hour", failure))
          .onComplete(done -> start());
    }
  }

  /** One run; floors that it asks for take effect in the drop of the next. */
  public Future<Void> runOnce() {
    lanes.retain(lanes.clock().getAsLong() - log.toMillis());
    return createDays(pool)
        .compose(made -> pool.query(DROP_DAYS).execute())
        .onSuccess(RetentionLoop::report)
        .compose(
            dropped -> pool.preparedQuery(DROP_TOMBSTONES).execute(Tuple.of(tombstones.toMillis())))
        .mapEmpty();
  }

  private static void report(RowSet<Row> rows) {
    int dropped = rows.iterator().next().getInteger("dropped");
    if (dropped > 0) {
      LOG.info("retention.dropped days={}", dropped);
    }
  }
}
