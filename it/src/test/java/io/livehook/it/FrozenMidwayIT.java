package io.livehook.it;

import static io.livehook.it.Eventually.after;
import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Promise 11 for every kind of request: wherever the database stops in the middle of its steps (who
 * asks, reading, changing, reading back), the answer is there within a second.
 */
class FrozenMidwayIT {
  private static final Duration LIMIT = Duration.ofSeconds(1);
  private static final int FREEZES = 6;
  private static final int KINDS = 12;
  private static final String READ = "https://o.example/read";
  private static final String CALLBACK = "http://127.0.0.1:9/";

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger number = new AtomicInteger();
  private volatile boolean stopped;

  private record Answer(String kind, int status, boolean retryAfter, Duration took) {}

  /** Requests one after another, each of which may be refused. */
  private interface Round {
    void run(Scene scene);
  }

  @Test
  void whateverIsUnderWayIsAnsweredWithinOneSecond() throws InterruptedException {
    try (Scene scene = Scene.open("frozen-midway")) {
      // Given
      assertThat(scene.put(READ, "x".getBytes(UTF_8)).statusCode()).isEqualTo(201);
      List<Thread> running = start(scene);

      // When
      for (int i = 0; i < FREEZES; i++) {
        flowing();
        scene.postgres.freeze();
        after(Duration.ofMillis(2_000 + 137L * i));
        scene.postgres.thaw();
      }
      flowing();
      stopped = true;
      for (Thread each : running) {
        each.join();
      }

      // Then
      Map<String, Integer> refused = new TreeMap<>();
      for (Answer each : answers) {
        assertThat(each.took()).as(each.toString()).isLessThanOrEqualTo(LIMIT);
        assertThat(each.status()).as(each.toString()).isIn(200, 201, 204, 404, 412, 503);
        if (each.status() == 503) {
          assertThat(each.retryAfter()).as(each.toString()).isTrue();
          refused.merge(each.kind(), 1, Integer::sum);
        }
      }
      assertThat(refused).hasSizeGreaterThanOrEqualTo(rounds().size() - 1);
    }
  }

  private List<Thread> start(Scene scene) {
    List<Thread> running = new ArrayList<>();
    for (Round round : rounds()) {
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stopped) {
                      round.run(scene);
                      after(Duration.ofMillis(20));
                    }
                  }));
    }
    return running;
  }

  /** Every kind of request is answered, other than by 503, a few times from now on. */
  private void flowing() {
    int before = answers.size();
    eventually(
        "requests are answered again",
        Duration.ofSeconds(60),
        () ->
            answers.stream()
                    .skip(before)
                    .filter(each -> each.status() != 503)
                    .map(Answer::kind)
                    .distinct()
                    .count()
                >= KINDS);
  }

  private List<Round> rounds() {
    return List.of(
        scene -> send(scene, "PUT", "put", scene.target.path(READ), scene.target.keys().origin()),
        scene ->
            send(
                scene, "PUT", "put if", path(scene), scene.target.keys().origin(), "If-Match", "*"),
        this::putAndDelete,
        scene -> send(scene, "GET", "get", path(scene), scene.target.keys().consumer()),
        scene -> send(scene, "HEAD", "head", path(scene), scene.target.keys().consumer()),
        this::subscribeAndEnd,
        scene ->
            send(
                scene,
                "GET",
                "list",
                path(scene) + "/subscriptions/",
                scene.target.keys().consumer()),
        scene -> send(scene, "GET", "dead", "/api/v1/dead-letters", scene.target.keys().operator()),
        this::makeKeyAndUseIt);
  }

  private static String path(Scene scene) {
    return scene.target.path(READ);
  }

  private void putAndDelete(Scene scene) {
    String path = scene.target.path("https://o.example/gone/" + number.incrementAndGet());
    String key = scene.target.keys().origin();
    send(scene, "PUT", "put new", path, key);
    send(scene, "DELETE", "delete", path, key);
  }

  private void subscribeAndEnd(Scene scene) {
    String callback = URLEncoder.encode(CALLBACK + number.incrementAndGet(), UTF_8);
    String collection = path(scene) + "/subscriptions/";
    String key = scene.target.keys().consumer();
    HttpRequest.Builder request =
        scene
            .request(collection, key)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("callback_uri=" + callback));
    timed(scene, "subscribe", request);
    send(scene, "DELETE", "unsubscribe", collection + "?callback_uri=" + callback, key);
  }

  private void makeKeyAndUseIt(Scene scene) {
    HttpRequest.Builder request =
        scene
            .request("/api/v1/keys", scene.target.keys().operator())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"role\":\"viewer\"}"));
    HttpResponse<String> made = timed(scene, "make key", request);
    if (made.statusCode() == 201) {
      send(scene, "GET", "new key", path(scene), Scene.json(made.body()).get("key").asText());
    }
  }

  private void send(
      Scene scene, String method, String kind, String path, String key, String... headers) {
    BodyPublisher body =
        method.equals("PUT")
            ? BodyPublishers.ofString("value " + number.incrementAndGet())
            : BodyPublishers.noBody();
    HttpRequest.Builder request = scene.request(path, key).method(method, body);
    if (method.equals("PUT")) {
      request.header("Content-Type", "text/plain");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> unused = timed(scene, kind, request);
  }

  private HttpResponse<String> timed(Scene scene, String kind, HttpRequest.Builder request) {
    long begin = System.nanoTime();
    HttpResponse<String> answer = scene.send(request);
    answers.add(
        new Answer(
            kind,
            answer.statusCode(),
            answer.headers().firstValue("Retry-After").isPresent(),
            Duration.ofNanos(System.nanoTime() - begin)));
    return answer;
  }
}
