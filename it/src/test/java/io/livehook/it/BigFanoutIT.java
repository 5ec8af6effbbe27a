package io.livehook.it;

import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.load.Bodies;
import io.livehook.it.load.Subscriber;
import io.livehook.it.load.Target;
import io.livehook.it.receiver.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Very many subscriptions on one resource do not delay the acknowledgement; 100,000 in {@code make
 * bench}.
 */
class BigFanoutIT {
  private static final int SUBSCRIPTIONS = 10_000;

  @Test
  void anUpdateForTenThousandIsAcknowledgedAtOnceAndReachesAll() {
    try (Sink sink = new Sink(0, false);
        Scene scene = Scene.open("big-fanout")) {
      // Given
      List<Subscriber.Wish> wishes = new ArrayList<>();
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        wishes.add(
            new Subscriber.Wish(Target.uri(0), "http://127.0.0.1:" + sink.port() + "/s/" + i, ""));
      }
      Subscriber.subscribe(scene.target, wishes, 128);
      update(scene, sink, 1);

      // When
      long begin = System.nanoTime();
      int status = scene.put(Target.uri(0), Bodies.of(2)).statusCode();
      Duration acknowledged = Duration.ofNanos(System.nanoTime() - begin);

      // Then
      assertThat(status).isEqualTo(200);
      assertThat(acknowledged).isLessThan(Duration.ofMillis(100));
      eventually(
          () -> sink.arrivals() + " arrived",
          Duration.ofSeconds(10),
          () -> sink.arrivals() == 2 * SUBSCRIPTIONS);
    }
  }

  private static void update(Scene scene, Sink sink, int number) {
    assertThat(scene.put(Target.uri(0), Bodies.of(number)).statusCode()).isIn(200, 201);
    eventually(
        () -> sink.arrivals() + " arrived",
        Duration.ofSeconds(20),
        () -> sink.arrivals() == (long) number * SUBSCRIPTIONS);
  }
}
