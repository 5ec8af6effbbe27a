package io.livehook.command;

import io.livehook.platform.Statements;
import io.livehook.security.DataKey;
import io.livehook.security.MasterKeys;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Wraps every data key by the current master key. What the data keys encrypt stays as it is, so
 * this is one row per tenant, and running brokers notice nothing. Blocks: main thread.
 */
final class Rewrap {
  private static final String DATA_KEYS = Statements.load(Rewrap.class, "data_keys");
  private static final String REWRAP = Statements.load(Rewrap.class, "rewrap_data_key");
  private static final String UNSEALED = Statements.load(Rewrap.class, "unsealed_secrets");

  /**
   * What came of it.
   *
   * @param unsealed secrets in the clear, which a running broker encrypts
   */
  record Done(int rewrapped, List<String> faults, long unsealed) {}

  private record Row(long id, long tenant, DataKey key) {}

  private Rewrap() {}

  static Done run(Connection connection, MasterKeys masters) throws SQLException {
    List<String> faults = new ArrayList<>();
    int rewrapped = 0;
    for (Row row : read(connection, masters.current())) {
      try {
        rewrapped += write(connection, row, row.key().rewrapped(masters, row.tenant()));
      } catch (GeneralSecurityException unknown) {
        faults.add("data key %d: %s".formatted(row.id(), unknown.getMessage()));
      }
    }
    return new Done(rewrapped, faults, unsealed(connection));
  }

  private static List<Row> read(Connection connection, String current) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(DATA_KEYS)) {
      statement.setString(1, current);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          DataKey key = new DataKey(row.getString("master"), row.getBytes("wrapped"));
          rows.add(new Row(row.getLong("id"), row.getLong("tenant"), key));
        }
      }
    }
    return rows;
  }

  private static int write(Connection connection, Row row, DataKey now) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REWRAP)) {
      statement.setString(1, now.master());
      statement.setBytes(2, now.wrapped());
      statement.setLong(3, row.id());
      statement.setString(4, row.key().master());
      statement.setString(5, "{\"master\":\"" + row.key().master() + "\"}");
      statement.setString(6, "{\"master\":\"" + now.master() + "\"}");
      return statement.executeUpdate();
    }
  }

  private static long unsealed(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UNSEALED);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
