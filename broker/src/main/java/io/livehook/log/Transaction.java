package io.livehook.log;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Supplier;

/** A fenced transaction on a held connection (R2): the statements are sent in one trip. */
final class Transaction {
  private Transaction() {}

  /**
   * Fails with {@link Fenced} when the owner is over, with the first statement's error when one
   * fails; both are rolled back before the future ends.
   */
  static Future<Void> run(
      PgConnection connection, long owner, boolean synchronous, Supplier<List<Future<?>>> body) {
    Future<?> begun =
        connection
            .query(synchronous ? "begin; set local synchronous_commit = on" : "begin")
            .execute();
    return connection
        .preparedQuery(Sql.FENCE)
        .execute(Tuple.of(owner))
        .compose(
            fence ->
                fence.size() == 1
                    ? Future.join(body.get())
                    : Future.failedFuture(new Fenced(owner)))
        .compose(
            done -> connection.query("commit").execute(),
            failure ->
                connection
                    .query("rollback")
                    .execute()
                    .compose(rolledBack -> Future.failedFuture(failure)))
        .compose(committed -> begun.mapEmpty());
  }
}
