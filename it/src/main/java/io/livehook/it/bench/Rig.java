package io.livehook.it.bench;

import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A fresh PostgreSQL and a broker on it, with subscriptions whose callbacks are all one receiver's.
 */
final class Rig implements AutoCloseable {
  private final PostgresCluster postgres;
  private final BrokerProcess broker;
  private final Target target;

  Rig(Options options, String... jvmOptions) {
    this(options, BrokerProcess.jar(), jvmOptions);
  }

  Rig(Options options, Path jar, String... jvmOptions) {
    Path folder = newFolder();
    postgres = new PostgresCluster(folder.resolve("postgres"));
    broker =
        BrokerProcess.serve(folder, postgres.url())
            .withJar(jar)
            .withJvm(jvmOptions)
            .with("LIVEHOOK_EVENT_LOOPS", Integer.toString(options.loops()))
            .with("LIVEHOOK_INFLIGHT_HOST", Integer.toString(options.inFlightPerLoop()));
    broker.start();
    target = new Target(broker.port(), broker.createTenant("bench"));
  }

  PostgresCluster postgres() {
    return postgres;
  }

  BrokerProcess broker() {
    return broker;
  }

  Target target() {
    return target;
  }

  /** Subscribes {@code fanout} callbacks to each resource. */
  void subscribe(int resources, int fanout, int receiverPort) {
    List<Subscriber.Wish> wishes = new ArrayList<>(resources * fanout);
    for (int i = 0; i < fanout; i++) {
      for (int resource = 0; resource < resources; resource++) {
        String callback = "http://127.0.0.1:" + receiverPort + "/r/" + resource + "/s/" + i;
        wishes.add(new Subscriber.Wish(Target.uri(resource), callback, ""));
      }
    }
    long begin = System.nanoTime();
    Subscriber.subscribe(target, wishes, 256);
    System.out.printf(
        "  %,d subscriptions made in %.1f s%n", wishes.size(), (System.nanoTime() - begin) / 1e9);
  }

  Duration restart() {
    broker.stop(Duration.ofSeconds(60));
    return broker.start();
  }

  long walBytes() {
    return postgres.number("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
  }

  @Override
  public void close() {
    broker.close();
    postgres.close();
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
