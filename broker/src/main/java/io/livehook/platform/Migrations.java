package io.livehook.platform;

import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/** Brings a database to the schema of this version; forward only. Blocks: not for event loops. */
public final class Migrations {
  private static final int CONNECT_RETRIES = 5;
  private final Flyway flyway;

  public Migrations(DatabaseUrl database) {
    this.flyway =
        Flyway.configure()
            .dataSource(database.jdbc(), database.user(), database.password().reveal())
            .locations("classpath:db/migration")
            .connectRetries(CONNECT_RETRIES)
            .connectRetriesInterval(2)
            .cleanDisabled(true)
            .validateMigrationNaming(true)
            .load();
  }

  /** What {@link #migrate} would do, one line each: version and description. */
  public List<String> pending() {
    return Arrays.stream(flyway.info().pending()).map(Migrations::line).toList();
  }

  /** Runs what is pending and says how many steps that were. */
  public int migrate() {
    return flyway.migrate().migrationsExecuted;
  }

  private static String line(MigrationInfo info) {
    return "V" + info.getVersion() + " " + info.getDescription();
  }
}
