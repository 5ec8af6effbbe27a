package io.livehook.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL that {@code dev} carries along, in a folder of its own: durable, with a password,
 * on a remembered port, so that the next start finds a server which outlived a killed broker. All
 * methods block: main thread and supervisor only.
 *
 * <pre>
 * DIR/lock            held while a broker uses the folder
 * DIR/postgres/       the cluster; complete once it has this name
 * DIR/postgres.new/   a cluster being made; thrown away if it was not finished
 * DIR/binaries/       the unpacked server
 * DIR/postgres-port, DIR/postgres-password
 * </pre>
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR = "18";
  private static final String USER = "postgres";
  private static final String NAME = "livehook";
  private static final String PORT_FILE = "postgres-port";
  private static final String PASSWORD_FILE = "postgres-password";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration PATIENCE_WITH_REMAINS = Duration.ofSeconds(5);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

  private final DataFolder folder;
  private final Path cluster;
  private final Secret password;
  private EmbeddedPostgres server;
  private volatile boolean closed;

  private EmbeddedDatabase(DataFolder folder, Secret password, EmbeddedPostgres server) {
    this.folder = folder;
    this.cluster = folder.path().resolve("postgres");
    this.password = password;
    this.server = server;
  }

  /** Starts the folder's server, making it first if needed, or takes over the one still running. */
  public static EmbeddedDatabase start(DataFolder folder) throws IOException {
    Path cluster = folder.path().resolve("postgres");
    checkMajor(cluster);
    if (!Files.isDirectory(cluster)) {
      create(folder, cluster);
    }
    Secret password = new Secret(Files.readString(folder.path().resolve(PASSWORD_FILE)));
    EmbeddedPostgres server = launch(folder, cluster, Optional.of(password));
    EmbeddedDatabase database = new EmbeddedDatabase(folder, password, server);
    database.checkItIsOurs();
    database.supervise();
    return database;
  }

  /** The address of a running server in this folder, for commands beside a running broker. */
  public static Optional<DatabaseUrl> running(Path dataDir) throws IOException {
    if (!Files.isDirectory(dataDir)) {
      return Optional.empty();
    }
    Path real = dataDir.toRealPath();
    OptionalInt port = new Postmaster(real.resolve("postgres")).livingPort();
    if (port.isEmpty()) {
      return Optional.empty();
    }
    Secret password = new Secret(Files.readString(real.resolve(PASSWORD_FILE)));
    return Optional.of(url(port.getAsInt(), NAME, Optional.of(password)));
  }

  public DatabaseUrl url() {
    return url(server.getPort(), NAME, Optional.of(password));
  }

  /** Stops the server; call it last, when nothing needs it any more. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      server.close();
    }
  }

  private static void checkMajor(Path cluster) throws IOException {
    Path file = cluster.resolve("PG_VERSION");
    if (Files.exists(file) && !Files.readString(file).strip().equals(MAJOR)) {
      throw new IOException(
          "%s was made by PostgreSQL %s, this Livehook carries %s. Run the Livehook that made it, or choose another --data-dir."
              .formatted(cluster, Files.readString(file).strip(), MAJOR));
    }
  }

  /** A kill at any moment leaves either no cluster or a whole one: the rename is the last step. */
  private static void create(DataFolder folder, Path cluster) throws IOException {
    Path draft = folder.path().resolve("postgres.new");
    new Postmaster(draft).clearRemains(PATIENCE_WITH_REMAINS);
    stopLeftOver(folder, draft);
    deleteTree(draft);
    Secret password = new Secret(newPassword());
    try (EmbeddedPostgres server = launch(folder, draft, Optional.empty());
        Connection connection = Jdbc.open(url(server.getPort(), "postgres", Optional.empty()));
        Statement statement = connection.createStatement()) {
      statement.execute("alter user postgres password '" + password.reveal() + "'");
      statement.execute("create database " + NAME);
    } catch (SQLException broken) {
      throw new IOException("The new database in " + draft + " cannot be set up", broken);
    }
    Files.writeString(
        draft.resolve("pg_hba.conf"),
        """
        # Written by Livehook: only this host, only with the password.
        host all all 127.0.0.1/32 scram-sha-256
        host all all ::1/128      scram-sha-256
        """);
    folder.writeSecret(PASSWORD_FILE, password.reveal());
    Files.writeString(draft.resolve("livehook-complete"), "");
    Files.move(draft, cluster, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A broker killed while it made a cluster has left that server running. */
  private static void stopLeftOver(DataFolder folder, Path draft) throws IOException {
    if (new Postmaster(draft).alive()) {
      launch(folder, draft, Optional.empty()).close();
    }
  }

  private static EmbeddedPostgres launch(DataFolder folder, Path cluster, Optional<Secret> password)
      throws IOException {
    Postmaster postmaster = new Postmaster(cluster);
    postmaster.clearRemains(PATIENCE_WITH_REMAINS);
    int port = postmaster.livingPort().orElseGet(() -> choosePort(folder));
    File log = folder.path().resolve("postgres.log").toFile();
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(cluster)
            .setCleanDataDirectory(false)
            .setOverrideWorkingDirectory(folder.path().resolve("binaries").toFile())
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_LIMIT)
            .setOutputRedirector(Redirect.appendTo(log))
            .setErrorRedirector(Redirect.appendTo(log))
            .setPort(port);
    configuration().forEach(builder::setServerConfig);
    password.ifPresent(secret -> builder.setConnectConfig("password", secret.reveal()));
    EmbeddedPostgres server = builder.start();
    Files.writeString(folder.path().resolve(PORT_FILE), Integer.toString(port));
    return server;
  }

  private static Map<String, String> configuration() {
    return Map.of(
        // The library's own are for throw-away databases.
        "fsync", "on",
        "synchronous_commit", "on",
        "listen_addresses", "127.0.0.1",
        // A socket file left by a killed server would be in the way, and nobody needs one.
        "unix_socket_directories", "''",
        "max_wal_size", "2GB",
        "jit", "off");
  }

  private static int choosePort(DataFolder folder) {
    int remembered = rememberedPort(folder);
    for (int port : new int[] {remembered, 0}) {
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        LOG.atInfo().addKeyValue("port", port).log("Port taken, choosing another for PostgreSQL");
      }
    }
    throw new IllegalStateException("no free port on the loopback address");
  }

  private static int rememberedPort(DataFolder folder) {
    try {
      String text = Files.readString(folder.path().resolve(PORT_FILE)).strip();
      return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    } catch (IOException none) {
      return 0;
    }
  }

  /** Taking over a running server takes whatever listens on that port: ask whose it is. */
  private void checkItIsOurs() throws IOException {
    try (Connection connection = Jdbc.open(url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show data_directory")) {
      if (!row.next() || !Path.of(row.getString(1)).toRealPath().equals(cluster)) {
        throw new IOException("Another PostgreSQL listens on port " + server.getPort());
      }
    } catch (SQLException refused) {
      throw new IOException("The embedded PostgreSQL cannot be reached", refused);
    }
  }

  private void supervise() {
    Thread supervisor =
        new Thread(
            () -> {
              while (!closed) {
                superviseOnce();
                pause();
              }
            },
            "embedded-postgres-supervisor");
    supervisor.setDaemon(true);
    supervisor.start();
  }

  /** Starts the server again if somebody killed it; the broker reconnects by itself. */
  private synchronized void superviseOnce() {
    if (closed || new Postmaster(cluster).alive()) {
      return;
    }
    LOG.atWarn().log("The embedded PostgreSQL is gone; starting it again");
    try {
      // Gives the library's lock back; the server it would stop is dead already.
      new Postmaster(cluster).clearRemains(PATIENCE_WITH_REMAINS);
      server.close();
      server = launch(folder, cluster, Optional.of(password));
      LOG.atInfo().addKeyValue("port", server.getPort()).log("The embedded PostgreSQL is back");
    } catch (IOException | RuntimeException failed) {
      LOG.atError().setCause(failed).log("The embedded PostgreSQL did not start; trying again");
    }
  }

  private static DatabaseUrl url(int port, String database, Optional<Secret> password) {
    return new DatabaseUrl(
        "localhost", port, database, USER, password.orElse(new Secret("")), Map.of());
  }

  private static String newPassword() {
    byte[] bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return Base32.encode(bytes);
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_INTERVAL.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
