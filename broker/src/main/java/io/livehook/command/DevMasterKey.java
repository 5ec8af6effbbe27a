package io.livehook.command;

import io.livehook.platform.DataFolder;
import io.livehook.platform.MasterKeySource;
import io.livehook.platform.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The master key that {@code dev} makes for itself and keeps in its data folder. */
final class DevMasterKey {
  private static final String FILE = "master-key";
  private static final int BYTES = 32;

  private DevMasterKey() {}

  /** Makes the key if it is missing; one in the settings wins. */
  static Settings ensure(Settings settings, DataFolder folder) throws IOException {
    if (!settings.masterKey().given() && !Files.exists(folder.path().resolve(FILE))) {
      byte[] bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      folder.writeSecret(FILE, Base64.getEncoder().encodeToString(bytes) + "\n");
    }
    return in(settings, folder.path());
  }

  static Settings in(Settings settings, Path folder) {
    return settings.masterKey().given()
        ? settings
        : settings.withMasterKey(MasterKeySource.of(folder.resolve(FILE)));
  }
}
