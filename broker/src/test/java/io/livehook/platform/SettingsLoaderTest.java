package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.livehook.guard.GuardPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  private static final String URL = "postgresql://me:geheim@localhost/hooks";
  @TempDir Path dir;

  @Test
  void everyDefaultHolds() throws Exception {
    // When
    Settings serve =
        load(Mode.SERVE, Map.of(), Map.of("LIVEHOOK_DATABASE_URL", URL), Optional.empty());

    // Then
    assertThat(serve)
        .isEqualTo(
            new Settings(
                new Settings.Node(Mode.SERVE, "livehook", 0, Path.of("./livehook-data")),
                new Settings.Http(
                    "0.0.0.0",
                    8080,
                    Optional.empty(),
                    1L << 20,
                    50_000,
                    1_000,
                    new Settings.Inbound(
                        10_000,
                        1_000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(75),
                        64 << 10,
                        32 << 10,
                        128)),
                Optional.of(DatabaseUrl.parse(URL)),
                new Settings.Lanes(
                    64, 200, Duration.ofMillis(50), 64L << 20, Duration.ofSeconds(60), 1_000_000),
                new Settings.Delivery(
                    1000, 64, Duration.ofSeconds(15), Duration.ofSeconds(5), 64 << 10),
                new Settings.Outbound(
                    GuardPolicy.STRICT,
                    10_000,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                new Settings.Retries(
                    Stream.of(5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
                        .map(Duration::ofSeconds)
                        .toList(),
                    5),
                new Settings.Retention(Duration.ofDays(7), Duration.ofDays(30)),
                Optional.empty(),
                MasterKeySource.NONE));
    assertThat(serve.http().baseUrl(8081)).isEqualTo("http://localhost:8081");
  }

  @Test
  void devDiffersInTheseOnly() throws Exception {
    // When
    Settings dev = load(Mode.DEV, Map.of(), Map.of(), Optional.empty());

    // Then
    assertThat(dev.node().mode()).isEqualTo(Mode.DEV);
    assertThat(dev.http().host()).isEqualTo("127.0.0.1");
    assertThat(dev.outbound().guard()).isEqualTo(GuardPolicy.DEV);
    assertThat(Key.all().stream().filter(key -> !key.unset().equals(key.unsetInDev())))
        .containsExactlyInAnyOrder(
            Key.HTTP_HOST, Key.OUTBOUND_HTTP, Key.OUTBOUND_ALLOW, Key.TENANT_RATE);
  }

  @Test
  void aFlagBeatsTheEnvironmentWhichBeatsTheFile() throws Exception {
    // Given
    Path file = dir.resolve("livehook.yaml");
    Files.writeString(file, "http:\n  port: 1\n  host: file\nlanes: 7\nretry.schedule: [1, 2]\n");
    Map<String, String> environment =
        Map.of("LIVEHOOK_HTTP_PORT", "2", "LIVEHOOK_HTTP_HOST", "environment", "PATH", "/bin");

    // When
    Settings settings = load(Mode.DEV, Map.of("http.port", "3"), environment, Optional.of(file));

    // Then
    assertThat(settings.http().port()).isEqualTo(3);
    assertThat(settings.http().host()).isEqualTo("environment");
    assertThat(settings.lanes().count()).isEqualTo(7);
    assertThat(settings.retries().schedule())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void aPropertiesFileWillDo() throws Exception {
    // Given
    Path file = Files.writeString(dir.resolve("livehook.properties"), "body.limit=2MiB\n");

    // When
    Settings settings = load(Mode.DEV, Map.of(), Map.of(), Optional.of(file));

    // Then
    assertThat(settings.http().bodyLimit()).isEqualTo(2L << 20);
  }

  @Test
  void aSecretMayComeFromAFile() throws Exception {
    // Given
    Path file = Files.writeString(dir.resolve("url"), URL + "\n");

    // When
    Settings settings =
        load(
            Mode.SERVE,
            Map.of(),
            Map.of("LIVEHOOK_DATABASE_URL_FILE", file.toString()),
            Optional.empty());

    // Then
    assertThat(settings.databaseUrl()).isEqualTo(DatabaseUrl.parse(URL));
  }

  @Test
  void allFaultsAreToldAtOnceWithoutSecrets() {
    // When
    SettingsException failure =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                load(
                    Mode.SERVE,
                    Map.of("lag.limt", "1s"),
                    Map.of(
                        "LIVEHOOK_DATABASE_URL", "mysql://me:geheim@localhost/x",
                        "LIVEHOOK_KEY_PEPPER", "geheim",
                        "LIVEHOOK_HTTP_PROT", "1",
                        "LIVEHOOK_LANES", "2000",
                        "LIVEHOOK_ATTEMPT_DEADLINE", "15"),
                    Optional.of(dir.resolve("missing.yaml"))));

    // Then
    assertThat(failure.faults().stream().map(SettingsException.Fault::key))
        .containsExactlyInAnyOrder(
            "lag.limt",
            "LIVEHOOK_HTTP_PROT",
            "config",
            "database.url",
            "key.pepper",
            "lanes",
            "attempt.deadline");
    assertThat(failure)
        .message()
        .doesNotContain("geheim")
        .contains("lag.limt (flag): unknown key; did you mean lag.limit?")
        .contains(
            "LIVEHOOK_HTTP_PROT (environment): unknown variable; did you mean LIVEHOOK_HTTP_PORT?")
        .contains("lanes = 2000 (environment LIVEHOOK_LANES): write a whole number from 1 to 1024")
        .contains("write a duration from 1s to 30s, such as 30s");
  }

  @Test
  void serveNeedsADatabase() {
    // When
    SettingsException failure =
        catchThrowableOfType(
            SettingsException.class, () -> load(Mode.SERVE, Map.of(), Map.of(), Optional.empty()));

    // Then
    assertThat(failure.faults())
        .containsExactly(
            new SettingsException.Fault(
                "database.url",
                "",
                "not set",
                "must be set, for example by LIVEHOOK_DATABASE_URL"));
  }

  @Test
  void theListOfSettingsMasksSecrets() {
    // When
    List<SettingsLoader.Line> lines =
        SettingsLoader.gather(
                Mode.SERVE,
                Map.of("key.pepper", "geheim geheim geheim"),
                Map.of("LIVEHOOK_DATABASE_URL", URL),
                Optional.empty())
            .lines();

    // Then
    assertThat(lines).hasSameSizeAs(Key.all());
    assertThat(lines)
        .contains(
            new SettingsLoader.Line("key.pepper", "***", "flag"),
            new SettingsLoader.Line(
                "database.url",
                "postgresql://me:***@localhost/hooks",
                "environment LIVEHOOK_DATABASE_URL"));
  }

  @ParameterizedTest
  @CsvSource({
    "http.port, 65536",
    "http.port, -1",
    "http.port, ''",
    "body.limit, 1MB",
    "body.limit, 65MiB",
    "flush.interval, 2s",
    "flush.interval, 50",
    "allow.loopback, yes",
    "retry.schedule, '5,,6'",
    "retry.schedule, 0",
    "retry.schedule, ''",
    "base.url, 'ftp://example.com'",
    "base.url, 'http://example.com/?a'",
    "node.name, 'a b'",
  })
  void aValueOutOfRangeIsAFault(String key, String value) {
    // When
    SettingsException failure =
        catchThrowableOfType(
            SettingsException.class,
            () -> load(Mode.DEV, Map.of(key, value), Map.of(), Optional.empty()));

    // Then
    assertThat(failure.faults())
        .singleElement()
        .extracting("key", "source")
        .containsExactly(key, "flag");
  }

  private static Settings load(
      Mode mode, Map<String, String> flags, Map<String, String> environment, Optional<Path> file)
      throws SettingsException {
    return SettingsLoader.gather(mode, flags, environment, file).load();
  }
}
