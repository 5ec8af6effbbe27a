package io.livehook.it.process;

import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged jar as a process; one object per port and data, started and killed as often as
 * needed.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Pattern KEY = Pattern.compile("lh_[A-Za-z0-9_-]{20,}");

  /** The keys of a tenant, one per role. */
  public record Keys(String tenant, String origin, String consumer, String operator) {}

  private final int port = freePort();
  private final Path folder;
  private final Path log;
  private final List<String> arguments;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
  private Path jar = jar();
  private Process process;

  @SuppressWarnings("NullAway.Init") // the process comes with start()
  private BrokerProcess(Path folder, List<String> arguments) {
    this.folder = folder;
    this.log = folder.resolve("broker.log");
    this.arguments = arguments;
  }

  /** A broker on a PostgreSQL given by its URL. */
  public static BrokerProcess serve(Path folder, String databaseUrl) {
    BrokerProcess broker = new BrokerProcess(folder, List.of("serve"));
    broker.environment.put("LIVEHOOK_DATABASE_URL", databaseUrl);
    broker.environment.put("LIVEHOOK_HTTP_HOST", "127.0.0.1");
    broker.environment.put("LIVEHOOK_HTTP_PORT", Integer.toString(broker.port));
    broker.environment.put("LIVEHOOK_OUTBOUND_HTTP", "true");
    broker.environment.put("LIVEHOOK_OUTBOUND_ALLOW", "127.0.0.0/8,::1,localhost,:*");
    broker.environment.put("LIVEHOOK_MASTER_KEY", "YSBtYXN0ZXIga2V5IG9mIHRoZSBibGFjay1ib3ggdGU=");
    broker.environment.put("LIVEHOOK_KEY_PEPPER", "cGVwcGVyLW9mLXRoZS1ibGFjay1ib3gtdGVzdHMtMzI=");
    return broker;
  }

  /** A broker in dev mode, with its embedded PostgreSQL below {@code data}. */
  public static BrokerProcess dev(Path folder, Path data) {
    BrokerProcess broker = new BrokerProcess(folder, new ArrayList<>());
    broker.arguments.addAll(
        List.of("dev", "--port", Integer.toString(broker.port), "--data-dir", data.toString()));
    return broker;
  }

  public BrokerProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public BrokerProcess withJvm(String... options) {
    jvm.addAll(List.of(options));
    return this;
  }

  /** Starts in a fraction of the time; the first call for a jar trains for some twenty seconds. */
  public BrokerProcess withAotCache() {
    jvm.addAll(AotCache.options(jar));
    return this;
  }

  /** Another build than the one under test, to compare with. */
  public BrokerProcess withJar(Path other) {
    jar = other.toAbsolutePath();
    return this;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Starts it and returns the time until {@code /readyz} said 200. */
  public Duration start() {
    long begin = System.nanoTime();
    launch();
    awaitReady();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  public void launch() {
    try {
      Files.createDirectories(folder);
      process =
          command(arguments).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public void awaitReady() {
    eventually(
        () -> "the broker is ready, see " + log,
        START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                "the broker ended with " + process.exitValue() + ", see " + log);
          }
          return ready();
        });
  }

  public boolean ready() {
    return status("/readyz") == 200;
  }

  /** The status of a GET, or 0 when nothing answers. */
  public int status(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(2000);
      return connection.getResponseCode();
    } catch (IOException notYet) {
      return 0;
    }
  }

  /** SIGKILL; returns when the process has ended. */
  public void kill() {
    process.destroyForcibly();
    exit(START_LIMIT);
  }

  /** SIGTERM; returns the exit code. */
  public int stop(Duration limit) {
    process.destroy();
    return exit(limit);
  }

  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      process.destroy();
      try {
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What {@code dev} wrote for its user. */
  public Keys devKeys(Path data) {
    try {
      JsonNode keys = new ObjectMapper().readTree(data.resolve("dev-keys.json").toFile());
      return new Keys(
          keys.path("tenant").asText(),
          keys.path("origin").asText(),
          keys.path("consumer").asText(),
          keys.path("operator").asText());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Makes a tenant and its keys with the command line; the schema must be there. */
  public Keys createTenant(String tenant) {
    run("tenant", "create", tenant);
    return new Keys(
        tenant,
        createKey(tenant, "origin"),
        createKey(tenant, "consumer"),
        createKey(tenant, "operator"));
  }

  public String createKey(String tenant, String role) {
    String output = run("key", "create", "--tenant", tenant, "--role", role);
    Matcher key = KEY.matcher(output);
    if (!key.find()) {
      throw new IllegalStateException("no key in: " + output);
    }
    return key.group();
  }

  /** Runs another verb of the jar with the same settings and returns what it printed. */
  public String run(String... verb) {
    try {
      Process tool = command(List.of(verb)).start();
      String output = new String(tool.getInputStream().readAllBytes(), UTF_8);
      if (tool.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", verb) + " failed: " + output);
      }
      return output;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private ProcessBuilder command(List<String> verb) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(jvm);
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(verb);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LIVEHOOK_"));
    builder.environment().putAll(environment);
    return builder;
  }

  public static String java() {
    return System.getProperty(
        "livehook.java", ProcessHandle.current().info().command().orElse("java"));
  }

  public static Path jar() {
    return Path.of(System.getProperty("livehook.jar", "broker/target/livehook.jar"))
        .toAbsolutePath()
        .normalize();
  }

  private int exit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the broker does not end within " + limit + ", see " + log);
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
