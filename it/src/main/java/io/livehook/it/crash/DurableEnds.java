package io.livehook.it.crash;

import static io.livehook.it.Eventually.eventually;

import io.livehook.it.process.PostgresCluster;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The deliveries that had an end row when their broker was dead: those alone may not be repeated.
 * Read between the kill and the restart, from the tables, because promise 4 is about what is in
 * them.
 */
final class DurableEnds {
  private static final String IDS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_LENGTH = 13;

  /** Waits for the dead broker's last statements: its backends may still commit one. */
  private static final String OTHERS =
      "select count(*) from pg_stat_activity where datname = current_database()"
          + " and pid <> pg_backend_pid() and backend_type = 'client backend'";

  private static final String RECENT =
      "select a.update_id, s.callback from attempt a join subscription s on s.id ="
          + " a.subscription_id where a.ended and a.update_id > ((extract(epoch from now())::bigint"
          + " - 30) * 1000 - 1735689600000) << 22";

  private DurableEnds() {}

  static Set<String> read(PostgresCluster postgres) {
    eventually(
        "the dead broker's backends end",
        Duration.ofSeconds(20),
        () -> postgres.number(OTHERS) == 0);
    Set<String> ends = new HashSet<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(RECENT)) {
      while (rows.next()) {
        ends.add(CrashLoop.path(rows.getString(2)) + ' ' + publicId(rows.getLong(1)));
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    return ends;
  }

  /** {@code msg_} and 13 digits of Crockford's base 32. */
  static String publicId(long id) {
    StringBuilder text = new StringBuilder("msg_");
    for (int i = ID_LENGTH - 1; i >= 0; i--) {
      text.append(IDS.charAt((int) (id >>> (5 * i)) & 31));
    }
    return text.toString();
  }
}
