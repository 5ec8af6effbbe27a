package io.livehook.it;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.checker.Checker;
import io.livehook.it.checker.Crash;
import io.livehook.it.checker.Verdict;
import io.livehook.it.load.Bodies;
import io.livehook.it.receiver.Receiver;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Promise 11: without its database the broker refuses honestly and quickly, and comes back by
 * itself.
 */
class DatabaseAwayIT {
  private static final String RESOURCE = "https://o.example/a";
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final Checker checker = new Checker();
  private long number;

  @Test
  void aFrozenDatabaseIsRefusedWithin1SecondAndNothingIsAcknowledged() {
    withASubscriber(
        scene -> {
          // When
          scene.postgres.freeze();
          refusedFor(scene, Duration.ofSeconds(3));
          scene.postgres.thaw();

          // Then
          acceptsAgain(scene);
        });
  }

  @Test
  void aDatabaseFrozenPastTheLeaseIsNoOutageForever() {
    withASubscriber(
        scene -> {
          // When
          scene.postgres.freeze();
          refusedFor(scene, Duration.ofSeconds(12));
          scene.postgres.thaw();

          // Then
          acceptsAgain(scene);
        });
  }

  @Test
  void aKilledDatabaseIsRefusedAndReconnectedTo() {
    withASubscriber(
        scene -> {
          // When
          scene.postgres.kill();
          refusedFor(scene, Duration.ofSeconds(3));
          assertThat(scene.broker.status("/healthz")).isEqualTo(200);
          eventually(
              "readiness says no",
              Duration.ofSeconds(5),
              () -> scene.broker.status("/readyz") == 503);
          scene.postgres.start();

          // Then
          acceptsAgain(scene);
        });
  }

  private interface Steps {
    void run(Scene scene);
  }

  /** Updates flow before; afterwards everything acknowledged has arrived and nothing else. */
  private void withASubscriber(Steps steps) {
    try (Receiver receiver = new Receiver(any -> Receiver.Reply.OK, checker::arrived);
        Scene scene = Scene.open("database-away")) {
      receiver.trust("/a", scene.subscribe(RESOURCE, receiver.callback("/a")).secret());
      checker.subscribed("/a", RESOURCE);
      for (int i = 0; i < 20; i++) {
        assertThat(put(scene).statusCode()).isIn(200, 201);
      }
      long from = System.nanoTime() - TimeUnit.SECONDS.toNanos(2);
      steps.run(scene);
      checker.crashed(
          new Crash(from, System.nanoTime(), (subscription, update, endedAt) -> endedAt < from));
      eventually(
          () -> checker.outstanding() + " are outstanding",
          Duration.ofSeconds(30),
          () -> checker.outstanding() == 0);
      Verdict verdict = checker.verdict();
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    }
  }

  private void refusedFor(Scene scene, Duration time) {
    List<Duration> took = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      long begin = System.nanoTime();
      HttpResponse<String> answer = put(scene);
      took.add(Duration.ofNanos(System.nanoTime() - begin));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      after(Duration.ofMillis(50));
    }
    took.sort(Comparator.naturalOrder());
    assertThat(took.getLast()).isLessThanOrEqualTo(LIMIT);
  }

  private void acceptsAgain(Scene scene) {
    eventually(
        "updates are accepted again", Duration.ofSeconds(20), () -> put(scene).statusCode() == 200);
    eventually("it is ready again", Duration.ofSeconds(10), scene.broker::ready);
  }

  private HttpResponse<String> put(Scene scene) {
    byte[] body = Bodies.of(++number);
    checker.sent(RESOURCE, Bodies.hash(body), System.nanoTime());
    HttpResponse<String> answer = scene.put(RESOURCE, body);
    if (answer.statusCode() < 300) {
      String id = answer.headers().firstValue("Livehook-Update").orElseThrow();
      checker.acknowledged(Bodies.hash(body), id, System.nanoTime());
    }
    return answer;
  }
}
