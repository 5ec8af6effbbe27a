package io.livehook.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;

/**
 * A few connections for reading, with a time limit on every statement: whoever waits for an answer
 * hears of a database that is away within a second. One per event loop.
 */
public final class ReadPool {
  private static final int CONNECTIONS = 4;
  private static final long PATIENCE = 900;
  private static final long LONG_PATIENCE = 10_000;

  private final Pool pool;

  public ReadPool(Pool pool) {
    this.pool = pool;
  }

  /** A pool made for this use. */
  public static ReadPool open(Vertx vertx, PgConnectOptions database) {
    PgConnectOptions options =
        new PgConnectOptions(database)
            .setCachePreparedStatements(true)
            .setPipeliningLimit(16)
            .addProperty("application_name", "livehook-http")
            .addProperty("default_transaction_read_only", "on")
            .addProperty("statement_timeout", Long.toString(LONG_PATIENCE));
    PoolOptions size =
        new PoolOptions()
            .setMaxSize(CONNECTIONS)
            .setConnectionTimeout((int) PATIENCE)
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxWaitQueueSize(2_000);
    return new ReadPool(PgBuilder.pool().with(size).connectingTo(options).using(vertx).build());
  }

  public Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return pool.preparedQuery(sql).execute(parameters).timeout(PATIENCE, TimeUnit.MILLISECONDS);
  }

  /** For what looks at many rows. */
  public Future<RowSet<Row>> longQuery(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .timeout(LONG_PATIENCE, TimeUnit.MILLISECONDS);
  }

  public Future<Void> close() {
    return pool.close();
  }
}
