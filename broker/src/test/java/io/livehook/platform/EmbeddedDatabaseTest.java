package io.livehook.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedDatabaseTest {
  @TempDir Path dir;

  @Test
  void rowsSurviveARestartOnTheSamePort() throws Exception {
    // Given
    DatabaseUrl before;
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
      before = database.url();
      run(before, "create table note (text text)", "insert into note values ('kept')");
    }

    // When
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {

      // Then
      assertThat(database.url()).isEqualTo(before);
      assertThat(ask(database.url(), "select text from note")).isEqualTo("kept");
      assertThat(ask(database.url(), "show fsync")).isEqualTo("on");
      assertThat(ask(database.url(), "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(database.url(), "show password_encryption")).isEqualTo("scram-sha-256");
    }
  }

  @Test
  void nobodySignsInWithoutThePassword() throws Exception {
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
      // Given
      DatabaseUrl url = database.url();
      DatabaseUrl wrong =
          new DatabaseUrl(
              url.host(), url.port(), url.database(), url.user(), new Secret("guess"), Map.of());

      // Then
      assertThatThrownBy(() -> Jdbc.open(wrong).close()).hasMessageContaining("password");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(dir.resolve("postgres-password"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aKilledServerIsStartedAgainWithItsRows() throws Exception {
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {
      // Given
      run(database.url(), "create table note (text text)", "insert into note values ('kept')");
      int port = database.url().port();

      // When
      assertThat(postmaster().destroyForcibly()).isTrue();

      // Then
      eventually(() -> assertThat(ask(database.url(), "select text from note")).isEqualTo("kept"));
      assertThat(database.url().port()).isEqualTo(port);
    }
  }

  @Test
  void aServerThatOutlivedItsBrokerIsTakenOver() throws Exception {
    // Given: the library's lock goes with the process, so this broker is another process
    Process broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int ready = broker.getInputStream().read();
    assertThat(ready).isEqualTo('+');
    long before = postmaster().pid();
    assertThat(broker.destroyForcibly().waitFor()).isNotZero();

    // When
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {

      // Then
      assertThat(ask(database.url(), "select text from note")).isEqualTo("kept");
      assertThat(postmaster().pid()).isEqualTo(before);
    }
    assertThat(EmbeddedDatabase.running(dir)).isEmpty();
  }

  @Test
  void aHalfMadeClusterIsThrownAway() throws Exception {
    // Given
    Path draft = Files.createDirectories(dir.resolve("postgres.new"));
    Files.writeString(draft.resolve("postgresql.conf"), "half a file");

    // When
    try (DataFolder folder = DataFolder.lock(dir);
        EmbeddedDatabase database = EmbeddedDatabase.start(folder)) {

      // Then
      assertThat(ask(database.url(), "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aClusterOfAnotherMajorIsRefusedWithTheWayOut() throws Exception {
    // Given
    Path cluster = Files.createDirectories(dir.resolve("postgres"));
    Files.writeString(cluster.resolve("PG_VERSION"), "17\n");

    try (DataFolder folder = DataFolder.lock(dir)) {
      // Then
      assertThatThrownBy(() -> EmbeddedDatabase.start(folder).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("made by PostgreSQL 17, this Livehook carries 18");
    }
  }

  @Test
  void twoBrokersDoNotShareAFolder() throws Exception {
    // Given
    try (DataFolder folder = DataFolder.lock(dir)) {
      assertThat(folder.path()).exists();

      // Then
      assertThatThrownBy(() -> DataFolder.lock(dir).close())
          .hasMessageContaining("Another Livehook uses the folder");
    }
  }

  /** A broker that only holds a database, until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.start(DataFolder.lock(Path.of(args[0])));
      run(database.url(), "create table note (text text)", "insert into note values ('kept')");
      System.out.write('+');
      System.out.flush();
      Thread.sleep(Duration.ofMinutes(2).toMillis());
    }
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(dir.resolve("postgres/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private static void run(DatabaseUrl url, String... statements) throws SQLException {
    try (Connection connection = Jdbc.open(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String ask(DatabaseUrl url, String query) throws SQLException {
    try (Connection connection = Jdbc.open(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private static void eventually(Check check) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        check.run();
        return;
      } catch (SQLException notYet) {
        if (System.nanoTime() > end) {
          throw notYet;
        }
        Thread.sleep(100);
      }
    }
  }
}
