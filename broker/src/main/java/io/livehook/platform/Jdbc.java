package io.livehook.platform;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Opens blocking connections, for set-up work only; the pipeline uses the Vert.x client. */
public final class Jdbc {
  private Jdbc() {}

  public static Connection open(DatabaseUrl database) throws SQLException {
    return DriverManager.getConnection(database.jdbc(), database.jdbcProperties());
  }
}
