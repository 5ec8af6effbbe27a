package io.livehook.it;

import static io.livehook.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.livehook.it.http.Server;
import io.livehook.it.load.Subscriber;
import io.livehook.it.process.BrokerProcess;
import io.livehook.it.receiver.Sink;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets the answer that is documented for it. */
class BadInputIT {
  private static final String RESOURCE = "https://o.example/a";

  @SuppressWarnings("NullAway.Init") // opened before all tests
  private static Scene scene;

  @BeforeAll
  static void open() {
    scene =
        Scene.open("bad-input", "LIVEHOOK_RETRY_SCHEDULE", "1,1,1", "LIVEHOOK_BODY_LIMIT", "64KiB");
    assertThat(scene.put(RESOURCE, "first".getBytes(UTF_8)).statusCode()).isIn(200, 201);
  }

  @AfterAll
  static void close() {
    scene.close();
  }

  @Test
  void withoutAKeyOrWithAWrongOneTheAnswerIs401() {
    for (String key : List.of("", "lh_nonsense", "lh_live_" + "0".repeat(60))) {
      HttpResponse<String> answer =
          scene.send(
              scene
                  .request(scene.target.path(RESOURCE), key)
                  .PUT(HttpRequest.BodyPublishers.ofString("x")));

      assertProblem(answer, 401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Test
  void anotherTenantsThingsDoNotExist() {
    // Given
    BrokerProcess.Keys other = scene.broker.createTenant("other");
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("x");

    // When
    HttpResponse<String> foreign =
        scene.send(scene.request(scene.target.path(RESOURCE), other.origin()).PUT(body));
    HttpResponse<String> missing =
        scene.send(scene.request("/no-such-tenant/resources/x", other.origin()).PUT(body));

    // Then
    assertProblem(foreign, 404);
    assertProblem(missing, 404);
  }

  @Test
  void aKeyThatIsNoUriIsRefused() throws IOException {
    for (String key :
        List.of("%zz", "not-a-uri", "https%3A%2F%2Fo.example%2F%00", "%FF%FE", "relative%2Fpath")) {
      String path = "/" + scene.target.keys().tenant() + "/resources/" + key;

      assertThat(rawStatus("PUT " + path + " HTTP/1.1\r\n", "x")).as(key).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "relative/path",
        "//host/path",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://user:secret@127.0.0.1/x",
        "http://127.0.0.1/x#fragment",
        "http:///nohost",
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1/\u0000"
      })
  void aCallbackThatCannotBePostedToIsRefused(String callback) {
    HttpResponse<String> answer =
        scene.subscribing(RESOURCE, "callback_uri=" + URLEncoder.encode(callback, UTF_8));

    assertProblem(answer, 400);
    assertThat(Scene.json(answer.body()).path("errors").size()).isPositive();
  }

  @Test
  void aCallbackOfMoreThan8KibibytesIsRefused() {
    String callback = "http://127.0.0.1/" + "x".repeat(8_300);

    assertProblem(
        scene.subscribing(RESOURCE, "callback_uri=" + URLEncoder.encode(callback, UTF_8)), 400);
  }

  @Test
  void everyFaultIsListedAtOnce() {
    HttpResponse<String> answer =
        scene.subscribing(
            RESOURCE,
            "callback_uri="
                + URLEncoder.encode("ftp://u:p@127.0.0.1/x#f", UTF_8)
                + "&max_in_flight=-1&order=sideways&retry_schedule=soon");

    assertProblem(answer, 400);
    assertThat(Scene.json(answer.body()).path("errors").size()).isGreaterThanOrEqualTo(4);
  }

  @Test
  void aSubscriptionToAnUnknownResourceIs404() {
    assertProblem(
        scene.subscribing(
            "https://o.example/unknown", "callback_uri=http%3A%2F%2F127.0.0.1%3A9%2F"),
        404);
  }

  @Test
  void aBodyOverTheLimitIsRefusedBeforeItIsSent() throws IOException {
    // Given: only the head and a few bytes of what it announces
    String head =
        "PUT " + scene.target.path(RESOURCE) + " HTTP/1.1\r\nContent-Length: 100000000\r\n";

    // When, Then
    assertThat(rawStatusAnnounced(head, "x".repeat(1000))).isEqualTo(413);
    assertProblem(scene.put(RESOURCE, new byte[70_000]), 413);
  }

  @Test
  void anUnannouncedBodyOverTheLimitIsRefusedToo() throws IOException {
    String head =
        "PUT " + scene.target.path(RESOURCE) + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";

    assertThat(rawStatusAnnounced(head, chunk.repeat(3))).isEqualTo(413);
  }

  @Test
  void anIdempotencyKeyForAnotherBodyIs422AndForTheSameBodyTheSameUpdate() {
    // Given
    HttpResponse<String> first =
        scene.put(RESOURCE, "one".getBytes(UTF_8), "Idempotency-Key", "k1");

    // When
    HttpResponse<String> same = scene.put(RESOURCE, "one".getBytes(UTF_8), "Idempotency-Key", "k1");
    HttpResponse<String> other =
        scene.put(RESOURCE, "two".getBytes(UTF_8), "Idempotency-Key", "k1");

    // Then
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(same.statusCode()).isEqualTo(200);
    assertThat(same.headers().firstValue("Livehook-Update"))
        .isEqualTo(first.headers().firstValue("Livehook-Update"));
    assertProblem(other, 422);
  }

  @Test
  void anIdempotencyKeyWhoseFirstRequestStillRunsIs409() throws SQLException {
    // Given: an append that waits for a lock
    try (Connection other = scene.postgres.connect();
        Statement statement = other.createStatement();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      other.setAutoCommit(false);
      statement.execute("lock table idempotency in access exclusive mode");

      // When
      CompletableFuture<HttpResponse<String>> one =
          CompletableFuture.supplyAsync(this::slowPut, threads);
      CompletableFuture<HttpResponse<String>> two =
          CompletableFuture.supplyAsync(this::slowPut, threads);

      // Then: whichever came first is still running when the other is looked at
      List<HttpResponse<String>> answers = List.of(one.join(), two.join());
      assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(409, 503);
      other.rollback();
    }
    eventually(
        "the key works once the database is back",
        Duration.ofSeconds(20),
        () -> slowPut().statusCode() == 200);
  }

  private HttpResponse<String> slowPut() {
    return scene.put(RESOURCE, "slow".getBytes(UTF_8), "Idempotency-Key", "k2");
  }

  @Test
  void aBadLineDoesNotSinkTheBatch() {
    // Given
    String lines =
        """
        {"resource":"https://o.example/a","content_type":"text/plain","body":"good"}
        this is no JSON
        {"resource":"https://o.example/a","body":"a","body_base64":"YQ=="}
        {"resource":"not a uri","body":"x"}
        {"resource":"https://o.example/a","body_base64":"!!"}
        {"resource":"https://o.example/b","content_type":"text/plain","body":"good too"}
        """;

    // When
    HttpResponse<String> answer = scene.batch(lines);

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    List<JsonNode> results = answer.body().lines().map(Scene::json).toList();
    assertThat(results)
        .extracting(line -> line.path("line").asInt())
        .containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(results)
        .extracting(line -> line.path("status").asInt() < 300)
        .containsExactly(true, false, false, false, false, true);
    assertThat(results.get(0).path("id").asText()).startsWith("msg_");
    assertThat(results.get(1).path("status").asInt()).isEqualTo(400);
  }

  @Test
  void whatAReceiverAnswersIsRecordedEscapedAndCut() {
    // Given
    AtomicInteger posts = new AtomicInteger();
    String garbage = "\u0000\u00ff\u00fe<script>" + "y".repeat(100_000);
    try (Server server =
        new Server(
            "garbage",
            0,
            request -> {
              if (posts.incrementAndGet() > 1) {
                request.noContent();
              } else {
                request.raw(
                    "HTTP/1.1 500 \u00ff\u00fe\r\n"
                        + "X-Bad: \u00ff\u00fe\r\n"
                        + "Retry-After: \u00ff\r\n"
                        + "Content-Length: "
                        + garbage.length()
                        + "\r\n\r\n"
                        + garbage);
              }
            })) {
      String resource = "https://o.example/garbage";
      assertThat(scene.put(resource, "0".getBytes(UTF_8)).statusCode()).isEqualTo(201);
      Subscriber.Subscription made =
          scene.subscribe(resource, "http://127.0.0.1:" + server.port() + "/g");

      // When
      assertThat(scene.put(resource, "1".getBytes(UTF_8)).statusCode()).isEqualTo(200);

      // Then
      eventually("it is delivered by the retry", Duration.ofSeconds(30), () -> posts.get() == 2);
      String path = "/api/v1/subscriptions/" + made.id() + "/deliveries";
      eventually(
          () ->
              "the attempts are listed: " + scene.get(path, scene.target.keys().operator()).body(),
          Duration.ofSeconds(5),
          () -> scene.get(path, scene.target.keys().operator()).body().contains("500"));
      HttpResponse<String> list = scene.get(path, scene.target.keys().operator());
      assertThat(list.statusCode()).isEqualTo(200);
      assertThat(list.body()).doesNotContain("\u0000");
      assertThat(list.body().length()).isLessThan(70_000);
      assertThat(Scene.json(list.body()).path("data").size()).isPositive();
    }
  }

  @Test
  void afterAllThatItStillWorks() {
    try (Sink sink = new Sink(0, false)) {
      scene.subscribe(RESOURCE, "http://127.0.0.1:" + sink.port() + "/ok");

      assertThat(scene.put(RESOURCE, "fine".getBytes(UTF_8)).statusCode()).isEqualTo(200);
      eventually("it arrives", Duration.ofSeconds(10), () -> sink.arrivals() == 1);
    }
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElse("none"))
        .startsWith("application/problem+json");
    assertThat(Scene.json(answer.body()).path("status").asInt()).isEqualTo(status);
  }

  private static int rawStatus(String requestLine, String body) throws IOException {
    return rawStatusAnnounced(requestLine + "Content-Length: " + body.length() + "\r\n", body);
  }

  /** Writes what it is given and reads the status of whatever comes back. */
  private static int rawStatusAnnounced(String head, String body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", scene.target.port())) {
      socket.setSoTimeout(10_000);
      String fields =
          "Host: localhost\r\nContent-Type: text/plain\r\nAuthorization: Bearer "
              + scene.target.keys().origin()
              + "\r\n\r\n";
      socket.getOutputStream().write((head + fields + body).getBytes(ISO_8859_1));
      byte[] start = socket.getInputStream().readNBytes(12);
      return Integer.parseInt(new String(start, US_ASCII).substring(9));
    }
  }
}
