package io.livehook.it;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.checker.Arrival;
import io.livehook.it.load.Bodies;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.receiver.Receiver;
import io.livehook.it.receiver.Receiver.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * RCV-1 and RCV-3 by the thousand beside one honest callback: I10 and I11. The heap is bounded by
 * the broker's own {@code -Xmx512m}, and running out of it would end it.
 */
class HostileCallbacksIT {
  private static final int HOSTILE = 2_000;
  private static final int SAMPLES = 400;
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final int RESOURCES = 4;

  /** Below this the scheduler of two busy cores decides, not the broker. */
  private static final Duration NOISE = Duration.ofMillis(25);

  /**
   * Of 4,000 hosts with an attempt each, all deadlines, failures and retries come in waves, which
   * the event loops feel: measured 68 and 74 ms where it was 7 and 9 alone. Not yet twice.
   */
  private static final Duration WAVES = Duration.ofMillis(250);

  private final Map<Long, Arrival> arrivals = new ConcurrentHashMap<>();
  private long number = 1_000_000;

  @ParameterizedTest
  @ValueSource(strings = {"one host", "a host each"})
  void twoThousandTricklersAndTwoThousandSilentOnesCostAnHonestCallbackLittle(String how) {
    try (HostileReceiver hostile = new HostileReceiver();
        Receiver honest =
            new Receiver(any -> Reply.OK, arrival -> arrivals.put(arrival.body(), arrival));
        Scene scene = Scene.open("hostile-callbacks", "LIVEHOOK_INFLIGHT_LOOP", "5000")) {
      // Given
      String resource = "https://o.example/honest";
      honest.trust("/honest", scene.subscribe(resource, honest.callback("/honest")).secret());
      Subscriber.subscribe(scene.target, wishes(hostile.port(), how.equals("a host each")), 64);
      Duration warm = honestP99(scene, resource);
      Duration alone = honestP99(scene, resource);
      long before = sockets(scene.broker.pid());

      // When
      for (int i = 0; i < RESOURCES; i++) {
        assertThat(scene.put(Target.uri(i), Bodies.of(++number)).statusCode()).isEqualTo(200);
      }
      after(Duration.ofSeconds(3));
      Duration beside = honestP99(scene, resource);

      // Then
      System.out.printf(
          "%s: honest p99 %s (warming up) %s alone, %s beside; %d hostile reached, %d at once;"
              + " sockets %d before, %d during%n",
          how,
          warm,
          alone,
          beside,
          hostile.reached(),
          hostile.most(),
          before,
          sockets(scene.broker.pid()));
      Duration twice = alone.multipliedBy(2);
      Duration floor = how.equals("one host") ? NOISE : WAVES;
      assertThat(beside).isLessThanOrEqualTo(twice.compareTo(floor) > 0 ? twice : floor);
      assertThat(hostile.most()).isGreaterThanOrEqualTo(how.equals("one host") ? 64 : 2 * HOSTILE);
      assertThat(scene.broker.isAlive()).isTrue();

      // When
      hostile.close();

      // Then
      eventually(
          () -> sockets(scene.broker.pid()) + " sockets, before " + before,
          Duration.ofSeconds(60),
          () -> sockets(scene.broker.pid()) <= before + 20);
    }
  }

  private static List<Subscriber.Wish> wishes(int port, boolean ownHosts) {
    List<Subscriber.Wish> wishes = new ArrayList<>();
    for (int i = 0; i < 2 * HOSTILE; i++) {
      String host = ownHosts ? "127.1." + i / 250 + "." + (1 + i % 250) : "127.0.0.1";
      String path = i % 2 == 0 ? "/trickle/" : "/silent/";
      wishes.add(
          new Subscriber.Wish(
              Target.uri(i % RESOURCES), "http://" + host + ":" + port + path + i, ""));
    }
    return wishes;
  }

  /** From before the update is sent to its arrival at the honest callback. */
  private Duration honestP99(Scene scene, String resource) {
    List<Long> latencies = new ArrayList<>();
    Map<Long, Long> sent = new ConcurrentHashMap<>();
    for (int i = 0; i < SAMPLES; i++) {
      byte[] body = Bodies.of(++number);
      sent.put(Bodies.hash(body), System.nanoTime());
      assertThat(scene.put(resource, body).statusCode()).isEqualTo(200);
      after(BETWEEN);
    }
    eventually(
        "every update reaches the honest callback",
        Duration.ofSeconds(10),
        () -> arrivals.keySet().containsAll(sent.keySet()));
    sent.forEach((hash, at) -> latencies.add(Objects.requireNonNull(arrivals.get(hash)).at() - at));
    latencies.sort(null);
    return Duration.ofNanos(latencies.get(SAMPLES * 99 / 100));
  }

  private static long sockets(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.filter(HostileCallbacksIT::isSocket).count();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}
