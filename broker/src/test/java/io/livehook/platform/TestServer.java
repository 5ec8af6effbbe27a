package io.livehook.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The one PostgreSQL server of a test JVM, with a migrated template. Started at first need. */
final class TestServer {
  private static final String GIVEN = "LIVEHOOK_TEST_DATABASE_URL";
  private static @Nullable TestServer shared;
  private final DatabaseUrl url;
  private final String prefix;

  private TestServer(DatabaseUrl url) {
    this.url = url;
    this.prefix = "livehook_test_%d_".formatted(ProcessHandle.current().pid());
  }

  static synchronized TestServer shared() {
    TestServer server = shared;
    if (server == null) {
      server = new TestServer(start());
      server.makeTemplate();
      shared = server;
    }
    return server;
  }

  DatabaseUrl url() {
    return url;
  }

  String prefix() {
    return prefix;
  }

  String template() {
    return prefix + "template";
  }

  void execute(String... statements) {
    try (Connection connection = Jdbc.open(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException failed) {
      throw new IllegalStateException("Test database at " + url, failed);
    }
  }

  private void makeTemplate() {
    execute("drop database if exists " + template(), "create database " + template());
    int steps = new Migrations(url.withDatabase(template())).migrate();
    System.out.println("Test databases from " + url + ", migrations: " + steps);
    if (System.getenv(GIVEN) != null) {
      String drop = "drop database if exists " + template() + " with (force)";
      Runtime.getRuntime().addShutdownHook(new Thread(() -> execute(drop)));
    }
  }

  private static DatabaseUrl start() {
    String given = System.getenv(GIVEN);
    if (given != null && !given.isBlank()) {
      return DatabaseUrl.parse(given);
    }
    return containersAnswer() ? inContainer() : embedded();
  }

  /** Asking Testcontainers without any engine takes a second and prints a page. */
  private static boolean containersAnswer() {
    boolean possible =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    return possible && DockerClientFactory.instance().isDockerAvailable();
  }

  @SuppressWarnings("resource") // Testcontainers removes it when this JVM is gone.
  private static DatabaseUrl inContainer() {
    PostgreSQLContainer container = new PostgreSQLContainer("postgres:18");
    container.start();
    return new DatabaseUrl(
        container.getHost(),
        container.getFirstMappedPort(),
        container.getDatabaseName(),
        container.getUsername(),
        new Secret(container.getPassword()),
        Map.of());
  }

  private static DatabaseUrl embedded() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setServerConfig("unix_socket_directories", "''")
              .setServerConfig("listen_addresses", "127.0.0.1")
              .start();
      return new DatabaseUrl(
          "localhost", server.getPort(), "postgres", "postgres", new Secret(""), Map.of());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
