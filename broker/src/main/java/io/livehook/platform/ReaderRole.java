package io.livehook.platform;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role that reading connections take so that row-level security holds for them: it does not
 * hold for the tables' owner. Made by the migrations when the user may make roles. Any thread.
 */
public final class ReaderRole {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderRole.class);
  private static final String READER_ROLE = Statements.load(ReaderRole.class, "reader_role");

  private ReaderRole() {}

  /**
   * Its name, if there is one. Fails when the user itself is under row-level security: owners of
   * lanes would see nothing.
   */
  public static Future<Optional<String>> find(Pool pool) {
    return pool.query(READER_ROLE).execute().compose(ReaderRole::role);
  }

  private static Future<Optional<String>> role(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    if (row.getBoolean("bound")) {
      return Future.failedFuture(
          "the database user does not own the tables, so row-level security hides them from the"
              + " broker: give it the user that ran the migrations");
    }
    @Nullable String role = row.getString("role");
    if (role == null) {
      String user = row.getString("session");
      LOG.atWarn()
          .addKeyValue("create", "create role %s nologin".formatted(row.getString("wanted")))
          .addKeyValue("grant", "grant %s to %s".formatted(row.getString("wanted"), user))
          .log(
              "row-level security is off: the database user may not make the role that readers"
                  + " take; only the broker's own checks keep tenants apart. Let an administrator"
                  + " run these two statements, then start again");
    }
    return Future.succeededFuture(Optional.ofNullable(role));
  }
}
