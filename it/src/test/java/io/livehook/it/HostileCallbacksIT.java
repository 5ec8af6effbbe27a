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
import org.junit.jupiter.api.Test;

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

  private final Map<Long, Arrival> arrivals = new ConcurrentHashMap<>();
  private long number = 1_000_000;

  @Test
  void twoThousandTricklersAndTwoThousandSilentOnesCostAnHonestCallbackLittle() {
    try (HostileReceiver hostile = new HostileReceiver();
        Receiver honest =
            new Receiver(any -> Reply.OK, arrival -> arrivals.put(arrival.body(), arrival));
        Scene scene = Scene.open("hostile-callbacks", "LIVEHOOK_INFLIGHT_LOOP", "5000")) {
      // Given
      String resource = "https://o.example/honest";
      honest.trust("/honest", scene.subscribe(resource, honest.callback("/honest")).secret());
      Subscriber.subscribe(scene.target, wishes(hostile.port()), 64);
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
          "honest p99 %s (warming up) %s alone, %s beside; %d hostile reached, %d at once;"
              + " sockets %d before, %d during%n",
          warm,
          alone,
          beside,
          hostile.reached(),
          hostile.most(),
          before,
          sockets(scene.broker.pid()));
      Duration twice = alone.multipliedBy(2);
      assertThat(beside).isLessThanOrEqualTo(twice.compareTo(NOISE) > 0 ? twice : NOISE);
      assertThat(hostile.most()).isGreaterThanOrEqualTo(64);
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

  private static List<Subscriber.Wish> wishes(int port) {
    List<Subscriber.Wish> wishes = new ArrayList<>();
    for (int i = 0; i < 2 * HOSTILE; i++) {
      String path = i % 2 == 0 ? "/trickle/" : "/silent/";
      wishes.add(
          new Subscriber.Wish(
              Target.uri(i % RESOURCES), "http://127.0.0.1:" + port + path + i, ""));
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
