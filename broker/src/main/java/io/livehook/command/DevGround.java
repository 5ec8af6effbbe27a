package io.livehook.command;

import io.livehook.platform.DataFolder;
import io.livehook.platform.EmbeddedDatabase;
import io.livehook.platform.Ids;
import io.livehook.platform.Migrations;
import io.livehook.platform.Settings;
import io.livehook.security.Accounts;
import java.io.IOException;
import java.sql.SQLException;

/**
 * What {@code dev} and {@code demo} stand on: a locked folder, the embedded PostgreSQL in it,
 * migrated, with the tenant {@code dev} and its keys. Blocks: main thread.
 */
final class DevGround implements AutoCloseable {
  private final DataFolder folder;
  private final EmbeddedDatabase database;
  private final Settings settings;
  private final DevKeys keys;

  private DevGround(DataFolder folder, EmbeddedDatabase database, Settings settings, DevKeys keys) {
    this.folder = folder;
    this.database = database;
    this.settings = settings;
    this.keys = keys;
  }

  static DevGround prepare(Settings given) throws IOException, SQLException {
    DataFolder folder = DataFolder.lock(given.node().dataDir());
    EmbeddedDatabase database = null;
    try {
      Settings peppered = DevMasterKey.ensure(DevPepper.ensure(given, folder), folder);
      database = EmbeddedDatabase.start(folder);
      Settings settings = peppered.withDatabase(database.url());
      return new DevGround(folder, database, settings, keys(folder, settings));
    } catch (IOException | SQLException | RuntimeException failed) {
      if (database != null) {
        database.close();
      }
      folder.close();
      throw failed;
    }
  }

  Settings settings() {
    return settings;
  }

  DevKeys keys() {
    return keys;
  }

  DataFolder folder() {
    return folder;
  }

  @Override
  public void close() throws IOException {
    database.close();
    folder.close();
  }

  private static DevKeys keys(DataFolder folder, Settings settings)
      throws IOException, SQLException {
    int steps = new Migrations(settings.databaseUrl()).migrate();
    if (steps < 0) {
      throw new IllegalStateException("migrations: " + steps);
    }
    try (Accounts accounts =
        Accounts.open(settings.databaseUrl(), Ids.ofThisHost(), settings.pepper())) {
      return DevKeys.ensure(folder, accounts);
    }
  }
}
