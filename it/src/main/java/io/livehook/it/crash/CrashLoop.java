package io.livehook.it.crash;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;

import io.livehook.it.checker.Checker;
import io.livehook.it.checker.Crash;
import io.livehook.it.checker.Verdict;
import io.livehook.it.http.Pump;
import io.livehook.it.load.Pace;
import io.livehook.it.load.Publishers;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.process.BrokerProcess;
import io.livehook.it.process.PostgresCluster;
import io.livehook.it.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Kills a broker (and now and then its PostgreSQL) at seeded random moments under load, then lets
 * everything heal and judges. The broker is restarted under the same node name each time.
 */
public final class CrashLoop {
  /** What a loop does. */
  public record Plan(
      long seed,
      int brokerKills,
      int postgresKills,
      int updatesPerSecond,
      int resources,
      int fanout) {}

  /** What came of it. */
  public record Outcome(
      Verdict verdict,
      int brokerKills,
      int killsWithAttemptsInFlight,
      int postgresKills,
      double updatesPerSecond) {}

  /** The flush interval of the broker plus what a flush takes while two cores are overloaded. */
  private static final Duration FLUSH = Duration.ofMillis(500);

  /** Three times {@code wal_writer_delay}: asynchronous commits a crash of PostgreSQL may lose. */
  private static final Duration WAL_WRITER = Duration.ofMillis(600);

  private static final Duration HEALING = Duration.ofSeconds(90);

  /**
   * How long a broker lives under load. A JVM just started takes most of two seconds to get fast,
   * and it is to be killed at full load too.
   */
  private static final Duration SHORTEST_LIFE = Duration.ofMillis(200);

  private static final Duration LONGEST_LIFE = Duration.ofSeconds(5);

  private final Plan plan;
  private final Random random;
  private final Path folder;
  private final Checker checker = new Checker();
  private int killsInFlight;
  private long loadedNanos;
  private long loadedUpdates;

  public CrashLoop(Path folder, Plan plan) {
    this.folder = folder;
    this.plan = plan;
    this.random = new Random(plan.seed());
  }

  public Outcome run() {
    Random delays = new Random(plan.seed() + 1);
    Receiver.Manner slightlySlow =
        any -> new Receiver.Reply(204, Duration.ofMillis(1 + delays.nextInt(15)));
    try (PostgresCluster postgres = new PostgresCluster(folder.resolve("postgres"));
        Receiver receiver = new Receiver(slightlySlow, checker::arrived);
        BrokerProcess broker =
            BrokerProcess.serve(folder, postgres.url())
                .withJvm("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .withAotCache()
                .with("LIVEHOOK_NODE_NAME", "crash")
                .with("LIVEHOOK_INFLIGHT_HOST", "64")) {
      broker.start();
      Target target = new Target(broker.port(), broker.createTenant("crash"));
      subscribe(target, receiver);
      return loop(target, broker, postgres, receiver);
    }
  }

  private void subscribe(Target target, Receiver receiver) {
    List<Subscriber.Wish> wishes = new ArrayList<>();
    for (int resource = 0; resource < plan.resources(); resource++) {
      for (int i = 0; i < plan.fanout(); i++) {
        String path = "/r/" + resource + "/s/" + i;
        wishes.add(new Subscriber.Wish(Target.uri(resource), receiver.callback(path), ""));
      }
    }
    for (Subscriber.Subscription made : Subscriber.subscribe(target, wishes, 32)) {
      String path = path(made.wish().callback());
      receiver.trust(path, made.secret());
      checker.subscribed(path, made.wish().resource());
    }
  }

  private Outcome loop(
      Target target, BrokerProcess broker, PostgresCluster postgres, Receiver receiver) {
    Publishers publishers =
        new Publishers(
            target,
            plan.resources(),
            64,
            true,
            Pace.rate(plan.updatesPerSecond()),
            new CheckedLedger(checker));
    try (Pump pump = publishers.start("publishers", target.port())) {
      for (int kill = 0; kill < plan.brokerKills(); kill++) {
        load(publishers);
        if (postgresIsNext(kill)) {
          killPostgres(postgres, broker);
          load(publishers);
        }
        killBroker(broker, postgres, receiver);
        broker.start();
      }
      publishers.pause();
      eventually(
          () -> checker.outstanding() + " deliveries are outstanding after everything healed",
          HEALING,
          () -> publishers.open() == 0 && checker.outstanding() == 0);
    } catch (AssertionError notHealed) {
      // The verdict says which ones are lost.
      System.out.println(notHealed.getMessage());
    }
    return new Outcome(
        checker.verdict(),
        plan.brokerKills(),
        killsInFlight,
        plan.postgresKills(),
        loadedUpdates * 1e9 / Math.max(1, loadedNanos));
  }

  /** Evenly spread over the loop. */
  private boolean postgresIsNext(int kill) {
    int every =
        plan.postgresKills() == 0 ? Integer.MAX_VALUE : plan.brokerKills() / plan.postgresKills();
    return kill % every == every / 2 && kill / every < plan.postgresKills();
  }

  /** From the first acknowledged update on, a random while. */
  private void load(Publishers publishers) {
    long before = publishers.acknowledged();
    eventually(
        "updates are accepted again",
        Duration.ofSeconds(30),
        () -> publishers.acknowledged() > before);
    long begin = System.nanoTime();
    long acknowledged = publishers.acknowledged();
    after(Duration.ofMillis(random.nextLong(SHORTEST_LIFE.toMillis(), LONGEST_LIFE.toMillis())));
    loadedNanos += System.nanoTime() - begin;
    loadedUpdates += publishers.acknowledged() - acknowledged;
  }

  private void killBroker(BrokerProcess broker, PostgresCluster postgres, Receiver receiver) {
    long from = System.nanoTime();
    killsInFlight += receiver.open() > 0 ? 1 : 0;
    broker.kill();
    long until = System.nanoTime();
    Set<String> ends = DurableEnds.read(postgres);
    checker.crashed(
        new Crash(
            from, until, (subscription, update, at) -> ends.contains(subscription + ' ' + update)));
  }

  private void killPostgres(PostgresCluster postgres, BrokerProcess broker) {
    long from = System.nanoTime();
    postgres.kill();
    postgres.start();
    broker.awaitReady();
    long until = System.nanoTime();
    long safe = from - FLUSH.toNanos() - WAL_WRITER.toNanos();
    checker.crashed(new Crash(from, until, (subscription, update, endedAt) -> endedAt < safe));
  }

  static String path(String callback) {
    return callback.substring(callback.indexOf('/', "http://".length()));
  }
}
