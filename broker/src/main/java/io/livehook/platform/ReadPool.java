package io.livehook.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A few connections for reading, with a time limit on every statement: whoever waits for an answer
 * hears of a database that is away within a second. One per event loop.
 *
 * <p>Each question is bound to one tenant: row-level security shows it nothing else, whatever the
 * statement asks for. Binding and question go out together, on one connection.
 */
public final class ReadPool {
  private static final String BIND = Statements.load(ReadPool.class, "bind");
  private static final String NOTHING = "";
  private static final String NAMES = "*";
  private static final int CONNECTIONS = 4;
  private static final long PATIENCE = 900;
  private static final long LONG_PATIENCE = 10_000;

  private final Pool pool;

  private ReadPool(Pool pool) {
    this.pool = pool;
  }

  /**
   * Opens one.
   *
   * @param role what row-level security holds for; none = it does not hold, see {@link ReaderRole}
   */
  public static ReadPool open(Vertx vertx, PgConnectOptions database, Optional<String> role) {
    PgConnectOptions options =
        new PgConnectOptions(database)
            .setCachePreparedStatements(true)
            .setPipeliningLimit(16)
            .addProperty("application_name", "livehook-http")
            .addProperty("default_transaction_read_only", "on")
            .addProperty("livehook.tenant", NOTHING)
            // A plan kept from when the tables were empty would go through the tenant's whole
            // index.
            .addProperty("plan_cache_mode", "force_custom_plan")
            .addProperty("statement_timeout", Long.toString(LONG_PATIENCE));
    role.ifPresent(name -> options.addProperty("role", name));
    PoolOptions size =
        new PoolOptions()
            .setMaxSize(CONNECTIONS)
            .setConnectionTimeout((int) PATIENCE)
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxWaitQueueSize(2_000);
    return new ReadPool(PgBuilder.pool().with(size).connectingTo(options).using(vertx).build());
  }

  /** Asks for what is one tenant's. */
  public Future<RowSet<Row>> query(long tenant, String sql, Tuple parameters) {
    return bound(Long.toString(tenant), sql, parameters, PATIENCE);
  }

  /** The same for what looks at many rows. */
  public Future<RowSet<Row>> longQuery(long tenant, String sql, Tuple parameters) {
    return bound(Long.toString(tenant), sql, parameters, LONG_PATIENCE);
  }

  /** Asks who somebody is, or for tenants themselves; nothing that a tenant has is seen. */
  public Future<RowSet<Row>> queryNames(String sql, Tuple parameters) {
    return bound(NAMES, sql, parameters, PATIENCE);
  }

  private Future<RowSet<Row>> bound(String to, String sql, Tuple parameters, long patience) {
    return pool.getConnection()
        .compose(held -> bound(held, to, sql, parameters).eventually(held::close))
        .timeout(patience, TimeUnit.MILLISECONDS);
  }

  private static Future<RowSet<Row>> bound(
      SqlConnection connection, String to, String sql, Tuple parameters) {
    Future<?> binding = connection.preparedQuery(BIND).execute(Tuple.of(to));
    Future<RowSet<Row>> answer = connection.preparedQuery(sql).execute(parameters);
    return Future.join(binding, answer).compose(both -> answer);
  }

  public Future<Void> close() {
    return pool.close();
  }
}
