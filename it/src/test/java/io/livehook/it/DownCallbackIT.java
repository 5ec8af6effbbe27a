package io.livehook.it;

import static io.livehook.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.it.checker.Arrival;
import io.livehook.it.checker.Checker;
import io.livehook.it.checker.Verdict;
import io.livehook.it.load.Bodies;
import io.livehook.it.receiver.Receiver;
import io.livehook.it.receiver.Receiver.Reply;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A callback that is down adds no rows, however much it misses, and then gets it all in order. */
class DownCallbackIT {
  private static final int UPDATES = 100_000;
  private static final int LINES = 2_000;
  private static final List<String> RESOURCES =
      List.of("https://o.example/a", "https://o.example/b");

  private final Checker checker = new Checker();
  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

  @Test
  void anOutageCostsOneRowPerSubscriptionAndEndsInOrder() {
    try (Receiver receiver = new Receiver(any -> new Reply(500, Duration.ZERO), this::arrived);
        Scene scene = Scene.open("down-callback")) {
      // Given
      for (String resource : RESOURCES) {
        String path = "/" + resource.charAt(resource.length() - 1);
        receiver.trust(path, scene.subscribe(resource, receiver.callback(path)).secret());
        checker.subscribed(path, resource);
      }

      // When
      for (int first = 0; first < UPDATES; first += LINES) {
        publish(scene, first);
      }

      // Then: one row each, an attempt per POST
      assertThat(scene.postgres.number("select count(*) from retry"))
          .isLessThanOrEqualTo(RESOURCES.size());
      eventually(
          "the outage is a row per subscription",
          Duration.ofSeconds(10),
          () ->
              scene.postgres.number("select count(*) from behind where reason = 'down'")
                  == RESOURCES.size());
      assertThat(scene.postgres.number("select count(*) from behind")).isEqualTo(RESOURCES.size());
      eventually(
          "an attempt row per POST",
          Duration.ofSeconds(10),
          () -> scene.postgres.number("select count(*) from attempt") == receiver.posts());
      assertThat(receiver.posts()).isLessThan(50);

      // When
      receiver.become(any -> Reply.OK);

      // Then: all of it, in order
      eventually(
          () -> checker.outstanding() + " are outstanding",
          Duration.ofSeconds(150),
          () -> checker.outstanding() == 0);
      Verdict verdict = checker.verdict();
      assertThat(verdict.clean()).as(verdict.toString()).isTrue();
      for (String path : List.of("/a", "/b")) {
        assertThat(delivered(path)).hasSize(UPDATES / RESOURCES.size()).isSorted();
      }
      eventually(
          "nobody is behind any more",
          Duration.ofSeconds(30),
          () ->
              scene.postgres.number("select count(*) from behind") == 0
                  && scene.postgres.number("select count(*) from retry") == 0);
    }
  }

  private List<String> delivered(String path) {
    return arrivals.stream()
        .filter(arrival -> arrival.subscription().equals(path) && arrival.status() == 204)
        .map(Arrival::update)
        .toList();
  }

  private void arrived(Arrival arrival) {
    arrivals.add(arrival);
    checker.arrived(arrival);
  }

  private void publish(Scene scene, int first) {
    StringBuilder lines = new StringBuilder();
    for (int i = first; i < first + LINES; i++) {
      String resource = RESOURCES.get(i % RESOURCES.size());
      checker.sent(resource, hash(i), System.nanoTime());
      lines
          .append("{\"resource\":\"")
          .append(resource)
          .append("\",\"content_type\":\"text/plain\",\"body\":\"");
      lines.append(body(i)).append("\"}\n");
    }
    HttpResponse<String> answer = scene.batch(lines.toString());
    assertThat(answer.statusCode()).isEqualTo(200);
    long now = System.nanoTime();
    List<String> results = answer.body().lines().toList();
    assertThat(results).hasSize(LINES);
    for (int i = 0; i < LINES; i++) {
      checker.acknowledged(hash(first + i), Scene.json(results.get(i)).path("id").asText(), now);
    }
  }

  private static String body(int number) {
    return "update " + number;
  }

  private static long hash(int number) {
    return Bodies.hash(body(number).getBytes(StandardCharsets.UTF_8));
  }
}
