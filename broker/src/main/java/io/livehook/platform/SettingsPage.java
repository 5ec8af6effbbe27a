package io.livehook.platform;

import java.util.Optional;
import java.util.stream.Collectors;

/** Writes docs/CONFIG.md from the table of settings. Pure. */
public final class SettingsPage {
  private static final String HEAD =
      """
      # Settings

      This page is generated from the table in `Key.java` (`make config-page`); do not edit it.

      The first that speaks wins: a flag (`--set key=value`, `--port`, `--data-dir`), an environment
      variable, the file named by `--config` or `LIVEHOOK_CONFIG` (YAML or Java properties), the default.
      Durations are written `50ms`, `30s`, `5m`, `2h`, `7d`; sizes `64KiB`, `1MiB`. A secret may come
      from a file: `LIVEHOOK_DATABASE_URL_FILE=/run/secrets/database-url`. Unknown keys and variables
      stop the start, and all faults are listed at once. `check-config --print` shows what holds and why.

      | key | variable | default | in `dev` | what | unit |
      |---|---|---|---|---|---|
      """;

  private SettingsPage() {}

  public static String markdown() {
    return HEAD + Key.all().stream().map(SettingsPage::row).collect(Collectors.joining());
  }

  private static String row(Key<?> key) {
    String unset = shown(key.unset());
    String unsetInDev = key.unset().equals(key.unsetInDev()) ? "" : shown(key.unsetInDev());
    return "| `%s` | `%s` | %s | %s | %s | %s |%n"
        .formatted(
            key.name(), key.variable(), unset, unsetInDev, key.description(), key.kind().unit());
  }

  private static String shown(Optional<String> text) {
    return text.map(value -> value.isEmpty() ? "" : "`" + value + "`").orElse("none");
  }
}
