package io.livehook.command;

import io.livehook.platform.Mode;
import io.livehook.platform.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options through which any verb is given settings: flag, environment, file, default. */
final class SettingsOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file, YAML or Java properties (or LIVEHOOK_CONFIG).")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, for example --set http.port=9090; docs/CONFIG.md lists them.")
  private Map<String, String> values = new LinkedHashMap<>();

  SettingsLoader gather(Mode mode, Map<String, String> flags) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(flags);
    Map<String, String> environment = System.getenv();
    String named = environment.getOrDefault("LIVEHOOK_CONFIG", "");
    Path file = config == null && !named.isEmpty() ? Path.of(named) : config;
    return SettingsLoader.gather(mode, all, environment, Optional.ofNullable(file));
  }
}
