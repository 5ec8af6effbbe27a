package io.livehook.command;

import io.livehook.platform.Base32;
import io.livehook.platform.DataFolder;
import io.livehook.platform.Secret;
import io.livehook.platform.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The pepper that {@code dev} makes for itself and keeps in its data folder. */
final class DevPepper {
  private static final String FILE = "key-pepper";
  private static final int BYTES = 32;

  private DevPepper() {}

  /** Makes the pepper if it is missing; one in the settings wins. */
  static Settings ensure(Settings settings, DataFolder folder) throws IOException {
    if (settings.keyPepper().isEmpty() && !Files.exists(folder.path().resolve(FILE))) {
      byte[] bytes = new byte[BYTES];
      new SecureRandom().nextBytes(bytes);
      folder.writeSecret(FILE, Base32.encode(bytes));
    }
    return in(settings, folder.path());
  }

  static Settings in(Settings settings, Path folder) throws IOException {
    if (settings.keyPepper().isPresent()) {
      return settings;
    }
    return settings.withKeyPepper(new Secret(Files.readString(folder.resolve(FILE)).strip()));
  }
}
