package io.livehook.command;

import io.livehook.platform.DatabaseUrl;
import io.livehook.platform.EmbeddedDatabase;
import io.livehook.platform.Ids;
import io.livehook.platform.Mode;
import io.livehook.platform.Settings;
import io.livehook.platform.SettingsException;
import io.livehook.security.Accounts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which database a verb works on: that of the settings, or that of a running {@code dev}. */
final class DatabaseOptions {
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Work on the embedded database of the 'dev' that runs in this folder.")
  private @Nullable Path dataDir;

  boolean dev() {
    return dataDir != null;
  }

  /** Settings with the database and the pepper that hold. */
  Settings load() throws SettingsException, IOException, NotReachable {
    Path folder = dataDir;
    if (folder == null) {
      return settings.gather(Mode.SERVE, Map.of()).load();
    }
    DatabaseUrl url =
        EmbeddedDatabase.running(folder)
            .orElseThrow(() -> new NotReachable("No Livehook runs in dev mode in " + folder + "."));
    Settings loaded = settings.gather(Mode.DEV, Map.of("data.dir", folder.toString())).load();
    return DevMasterKey.in(DevPepper.in(loaded, folder), folder).withDatabase(url);
  }

  Accounts accounts() throws SettingsException, IOException, NotReachable, SQLException {
    Settings loaded = load();
    return Accounts.open(loaded.databaseUrl(), Ids.ofThisHost(), loaded.pepper());
  }
}
