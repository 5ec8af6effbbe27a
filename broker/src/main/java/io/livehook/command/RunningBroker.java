package io.livehook.command;

import io.livehook.Broker;
import io.livehook.platform.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A broker with its event loops, from start to stop. Blocks: main thread. */
final class RunningBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningBroker.class);
  private static final int START_SECONDS = 60;

  /** The broker itself waits up to 30 seconds for what is in flight. */
  private static final int STOP_SECONDS = 45;

  private static final int CLOSE_SECONDS = 10;
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Vertx vertx;
  private final Broker broker;
  private final Settings settings;

  private RunningBroker(Vertx vertx, Broker broker, Settings settings) {
    this.vertx = vertx;
    this.broker = broker;
    this.settings = settings;
  }

  /** Looks before anything is started whether the port is free, which is quicker and quieter. */
  static void checkPort(Settings.Http http) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(http.host(), http.port()));
    } catch (BindException taken) {
      throw new IOException(
          "Port %d of %s cannot be had (%s). Choose another with --port."
              .formatted(http.port(), http.host(), taken.getMessage()),
          taken);
    }
  }

  static RunningBroker start(Settings given) throws TimeoutException {
    Settings settings = withEventLoops(given);
    Vertx vertx = Vertx.vertx(options(settings));
    try {
      Broker broker = Broker.start(vertx, settings).await(START_SECONDS, TimeUnit.SECONDS);
      return new RunningBroker(vertx, broker, settings);
    } catch (TimeoutException | RuntimeException failed) {
      close(vertx);
      throw failed;
    }
  }

  /** False when a stop was asked for before it was ready. */
  boolean awaitReady(StopSignal stop) throws InterruptedException {
    while (!broker.ready()) {
      if (stop.await(LOOK)) {
        return false;
      }
    }
    return !stop.await(Duration.ZERO);
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return broker.port();
  }

  /** The URL for others; it stands in links. */
  String baseUrl() {
    return settings.http().baseUrl(port());
  }

  /** The URL that works on this host, whatever the public one is. */
  String localUrl() {
    String host = settings.http().host();
    return "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port();
  }

  @Override
  public void close() {
    try {
      broker.stop().await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | RuntimeException late) {
      LOG.atWarn().setCause(late).log("The broker did not stop in order; ending all the same");
    }
    close(vertx);
  }

  private static void close(Vertx vertx) {
    try {
      vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      LOG.atWarn().log("Vert.x did not close in time; ending all the same");
    }
  }

  private static Settings withEventLoops(Settings settings) {
    return settings.node().eventLoops() > 0
        ? settings
        : settings.withEventLoops(Runtime.getRuntime().availableProcessors());
  }

  private static VertxOptions options(Settings settings) {
    return new VertxOptions()
        .setEventLoopPoolSize(settings.node().eventLoops())
        .setPreferNativeTransport(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }
}
