package io.livehook.api;

import static io.livehook.api.TestBroker.json;
import static io.livehook.api.TestBroker.resource;
import static io.livehook.api.TestBroker.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.livehook.Rule;
import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may do what, and what everything else is told. */
class AccessHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String URI = "https://o.test/access";
  private static TestBroker broker;
  private static String origin;

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    origin = broker.key(Role.ORIGIN);
    broker.put(URI, origin, "x");
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static void assertProblem(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).getInteger("status")).isEqualTo(status);
    assertThat(json(answer).getString("type")).startsWith("https://broker.test/problems#");
  }

  @Rule({"SUB-9", "GAP-1"})
  @Test
  void withoutAKeyOrWithAWrongOneTheAnswerIs401() {
    String altered = origin.substring(0, origin.length() - 1) + (origin.endsWith("0") ? "1" : "0");
    for (String key : List.of("", "lh_nonsense", "lh_live_" + "0".repeat(85), altered)) {
      HttpResponse<String> answer = broker.put(URI, key, "x");

      assertProblem(answer, 401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  @Rule({"SUB-9", "GAP-1"})
  @Test
  void anotherTenantsThingsDoNotExist() throws Exception {
    // Given
    String foreign = broker.key("other", Role.ORIGIN);

    // When, Then
    assertProblem(broker.put(URI, foreign, "x"), 404);
    assertProblem(broker.get(resource(URI), foreign), 404);
    assertProblem(broker.get(resource(URI).replace("/acme/", "/nobody/"), foreign), 404);
    assertProblem(broker.get(resource(URI).replace("/acme/", "/other/"), foreign), 404);
  }

  @Rule({"SUB-9", "GAP-1"})
  @Test
  void aKeyWithoutTheRoleIs403() throws Exception {
    // Given
    String viewer = broker.key(Role.VIEWER);

    // When, Then
    assertProblem(broker.put(URI, viewer, "x"), 403);
    assertProblem(broker.subscribe(URI, origin, "callback_uri=http://127.0.0.1:9/"), 403);
    assertProblem(broker.post("/api/v1/updates", viewer, "application/x-ndjson", "{}"), 403);
    assertThat(broker.get(resource(URI), viewer).statusCode()).isEqualTo(200);
  }

  @Test
  void aRevokedKeyIsRefusedWithinASecond() throws Exception {
    // Given: a key in steady use
    String key = broker.key("other", Role.VIEWER);
    String path = "/api/v1/subscriptions";
    assertThat(broker.get(path, key).statusCode()).isEqualTo(200);

    // When
    broker.revokeKeys("other");

    // Then
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofMillis(1_500))
        .until(() -> broker.get(path, key).statusCode() == 401);
  }

  @Test
  void aKeyForEveryTenantActsWhereItIsAskedTo() throws Exception {
    // Given
    String everywhere = broker.key("other", Role.OPERATOR, Scope.EVERYWHERE);

    // When, Then
    assertThat(broker.get(resource(URI), everywhere).statusCode()).isEqualTo(200);
    assertThat(broker.get("/api/v1/subscriptions?tenant=acme", everywhere).statusCode())
        .isEqualTo(200);
    assertProblem(broker.get("/api/v1/subscriptions?tenant=nobody", everywhere), 404);
  }

  @Test
  void whatIsNotThereIs404AndAWrongMethod405() {
    assertProblem(broker.get("/", origin), 404);
    assertProblem(broker.get("/no/such/path", ""), 404);
    assertProblem(broker.get("/acme//resources/x", origin), 404);
    HttpResponse<String> wrong =
        broker.send(broker.to(resource(URI), origin).method("PATCH", BodyPublishers.ofString("x")));
    assertProblem(wrong, 405);
    assertThat(wrong.headers().firstValue("Allow")).contains("DELETE, GET, HEAD, OPTIONS, PUT");
  }

  @Rule("DISC-12")
  @Test
  void webPagesOfAnyOriginMayAsk() {
    // When (DISC-12)
    HttpResponse<String> preflight =
        broker.send(
            broker
                .to(
                    subscriptions(URI),
                    "",
                    "Origin",
                    "https://page.test",
                    "Access-Control-Request-Method",
                    "POST")
                .method("OPTIONS", BodyPublishers.noBody()));
    HttpResponse<String> error = broker.get(resource(URI), "", "Origin", "https://page.test");

    // Then
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods"))
        .contains("DELETE, GET, OPTIONS, POST");
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
        .contains("If-None-Match, If-Match, Wait, Prefer, Uri, Last-Event-ID, Content-Type");
    assertThat(error.statusCode()).isEqualTo(401);
    assertThat(error.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(error.headers().firstValue("Access-Control-Expose-Headers").orElseThrow())
        .contains("ETag, Link, LiveResource-Property");
  }

  @Test
  void theRequestIdIsTheCallersWhenItIsPlain() {
    assertThat(broker.get("/healthz", "", "X-Request-Id", "abc-1").headers().map())
        .containsEntry("x-request-id", List.of("abc-1"));
    assertThat(
            broker
                .get("/healthz", "", "X-Request-Id", "with space")
                .headers()
                .firstValue("X-Request-Id")
                .orElseThrow())
        .startsWith("req_");
  }

  @Test
  void whatIsNoHttpRequestIsAnsweredAndItsConnectionClosed() throws Exception {
    assertThat(broker.raw("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: b\r\n\r\n"))
        .matches("(?s)HTTP/1\\.[01] 414 .*")
        .contains("application/problem+json");
    assertThat(broker.raw("GET / HTTP/1.1\r\nHost: b\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
        .matches("(?s)HTTP/1\\.[01] 431 .*");
    assertThat(broker.raw("nonsense\r\n\r\n")).matches("(?s)HTTP/1\\.[01] 400 .*");
  }

  @Test
  void healthAndReadinessNeedNoKey() {
    // Given, When, Then
    assertThat(broker.get("/healthz", "").statusCode()).isEqualTo(200);
    assertThat(broker.get("/readyz", "").statusCode()).isEqualTo(200);
    assertThat(broker.get("/problems", "").body()).contains("id=not_found");
    broker.ready.set(false);
    HttpResponse<String> notReady = broker.get("/readyz", "");
    broker.ready.set(true);
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(json(notReady).getJsonObject("checks").getBoolean("lanes")).isFalse();
  }
}
