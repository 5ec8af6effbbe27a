package io.livehook.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import io.livehook.security.ApiKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivehookTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension static final TestDatabase EMPTY = TestDatabase.empty();

  private record Run(int exit, String out, String err) {}

  @Test
  void theVersionNamesCommitJavaAndPostgres() {
    // When
    Run run = run("--version");

    // Then
    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("Livehook", "commit", "Java", "PostgreSQL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "server",
        "dev --port many",
        "dev --port 70000",
        "tenant",
        "tenant create",
        "tenant create API",
        "tenant create api",
        "key create --tenant acme",
        "key create --tenant acme --role king",
        "key create --tenant acme --role origin --scope *",
        "key create --tenant acme --role operator --scope all",
        "serve --set http.prot=1",
        "check-config --set lanes=many",
      })
  void wrongUsageOrSettingsExitWithTwo(String line) {
    // When
    Run run = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

    // Then
    assertThat(run.exit()).as(run.toString()).isEqualTo(2);
    assertThat(run.err()).isNotBlank().doesNotContain("Exception", "\tat ");
  }

  @Test
  void serveNeedsAMasterKeyAndSaysHowToMakeOne() {
    // When
    Run run = run("serve", "--set", url(DATABASE));
    Run two =
        run("serve", "--set", url(DATABASE), "--set", MASTER, "--set", "master.key.command=x");

    // Then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("master.key (not set)", "openssl rand -base64 32");
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.err()).contains("set only one of").doesNotContain("bWFzdGVy");
  }

  @Test
  void serveListsEveryFaultAtOnce() {
    // When
    Run run = run("serve", "--set", "http.port=x", "--set", "lanes=0");

    // Then
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .contains("3 faults", "database.url (not set)", "http.port = x", "lanes = 0");
  }

  @Test
  void settingsArePrintedWithTheirSourcesAndWithoutSecrets() {
    // When
    Run run =
        run(
            "check-config",
            "--print",
            "--set",
            "database.url=postgresql://a:geheim@h/d",
            "--set",
            MASTER);

    // Then
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("http.port", "default", "postgresql://a:***@h/d")
        .containsPattern("master.key +\\*\\*\\* +flag")
        .doesNotContain("geheim", "bWFzdGVy");
  }

  @Test
  void migrateShowsWhatItWouldDoAndDoesItOnce() {
    // When
    Run dry = run("migrate", "--dry-run", "--set", url(EMPTY));
    Run first = run("migrate", "--set", url(EMPTY));
    Run second = run("migrate", "--set", url(EMPTY));

    // Then
    assertThat(dry.out()).contains("V1 core", "Nothing was changed");
    assertThat(first.out()).contains("V1 core", "Migrations run: ");
    assertThat(second.out()).contains("Migrations run: 0");
  }

  @Test
  void aTenantGetsItsKeys() {
    // When
    Run tenant = run("tenant", "create", "acme", "--set", url(DATABASE));
    Run again = run("tenant", "create", "acme", "--set", url(DATABASE));
    Run key = run("key", "create", "--tenant", "acme", "--role", "origin", "--set", url(DATABASE));
    Run global =
        run(
            "key",
            "create",
            "--tenant=acme",
            "--role=OPERATOR",
            "--scope=*",
            "--set",
            url(DATABASE));
    Run nobody = run("key", "create", "--tenant", "no", "--role", "origin", "--set", url(DATABASE));

    // Then
    assertThat(tenant.out()).startsWith("acme ten_");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(ApiKey.parse(key.out().strip())).isPresent();
    assertThat(ApiKey.parse(global.out().strip())).isPresent();
    assertThat(nobody.exit()).isEqualTo(1);
  }

  @Test
  void aDatabaseThatIsNotThereExitsWithThree() {
    // When
    Run run =
        run(
            "tenant",
            "create",
            "acme",
            "--set",
            "database.url=postgresql://a:geheim@127.0.0.1:1/d");

    // Then
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("PostgreSQL: ").doesNotContain("geheim", "\tat ");
  }

  @Test
  void aFolderWithoutARunningDevExitsWithThree(@TempDir Path folder) {
    // When
    Run run = run("tenant", "create", "acme", "--data-dir", folder.toString());

    // Then
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("No Livehook runs in dev mode");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // When
      String port = Integer.toString(taken.getLocalPort());
      Run run =
          run(
              "serve",
              "--port",
              port,
              "--set",
              url(DATABASE),
              "--set",
              "http.host=127.0.0.1",
              "--set",
              MASTER);

      // Then
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).startsWith("Port " + port + " of 127.0.0.1 cannot be had");
    }
  }

  @Test
  void healthcheckFailsWhereNobodyListens() {
    // When
    Run run = run("healthcheck", "--url", "http://127.0.0.1:1/readyz");

    // Then
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("does not answer");
  }

  private static final String MASTER = "master.key=bWFzdGVyIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGU=";

  private static String url(TestDatabase database) {
    return "database.url=" + database.url().reveal();
  }

  private static Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit = Livehook.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Run(exit, out.toString(), err.toString());
  }
}
