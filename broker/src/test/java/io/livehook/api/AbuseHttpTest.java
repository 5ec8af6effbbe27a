package io.livehook.api;

import static io.livehook.api.TestBroker.encoded;
import static io.livehook.api.TestBroker.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.livehook.platform.TestDatabase;
import io.livehook.security.Role;
import io.livehook.security.Scope;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Abuse of the API: cases ADM-1, 7, 8, 9, 11, 12, ORG-5 and RCV-18 of the catalogue. */
class AbuseHttpTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  private static final String RESOURCE = "https://o.test/abuse";

  @SuppressWarnings("NullAway.Init") // opened before all tests
  private static TestBroker broker;

  private static String operator = "";
  private static String origin = "";

  @BeforeAll
  static void start() throws Exception {
    broker = new TestBroker(DATABASE);
    operator = broker.key("acme", Role.OPERATOR, Scope.EVERYWHERE);
    origin = broker.key(Role.ORIGIN);
    assertThat(broker.put(RESOURCE, origin, "x").statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
  }

  private static String path(Route route) {
    return route
        .template()
        .replace("{tenant}", "acme")
        .replace("{key}", encoded(RESOURCE))
        .replace("{callback}", encoded("https://receiver.example/"))
        .replace("{uri}", encoded(RESOURCE))
        .replace("{id}", "sub_0000000000000");
  }

  private static HttpResponse<String> send(Route route, String key, String... headers) {
    return broker.send(
        broker
            .to(path(route), key, headers)
            .method(route.method().name(), BodyPublishers.noBody()));
  }

  // --- ADM-1, ADM-9: every route ---

  @Test
  void adm1NoneWrongAndRevokedKeysAreAnsweredAlikeOnEveryRoute() throws Exception {
    // Given
    String revoked = broker.key("other", Role.OPERATOR);
    broker.revokeKeys("other");
    String wrong =
        operator.substring(0, operator.length() - 1) + (operator.endsWith("a") ? "b" : "a");
    List<String> keys = List.of("lh_nonsense", wrong, revoked, "x".repeat(5_000));

    for (Route route : broker.routes()) {
      if (route.roles().isEmpty() || route.method().equals(HttpMethod.HEAD)) {
        continue;
      }
      List<JsonObject> bodies = new ArrayList<>();
      for (String key : keys) {
        HttpResponse<String> answer = send(route, key);
        assertThat(answer.statusCode()).as(route + " " + key).isEqualTo(401);
        JsonObject body = json(answer);
        body.remove("instance");
        bodies.add(body);
      }
      assertThat(bodies).as(route.toString()).containsOnly(bodies.getFirst());
      assertThat(send(route, "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void adm9EveryRouteAnswersWithTheStandingFields() {
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (Route route : broker.routes()) {
      answers.add(send(route, ""));
      answers.add(send(route, operator));
    }
    answers.add(broker.get("/nowhere", ""));

    for (HttpResponse<String> answer : answers) {
      assertThat(answer.headers().map())
          .as(answer.request().toString())
          .containsEntry("x-content-type-options", List.of("nosniff"))
          .containsEntry("referrer-policy", List.of("no-referrer"))
          .containsEntry("strict-transport-security", List.of("max-age=31536000"))
          .containsKey("x-request-id");
      assertThat(answer.headers().firstValue("content-security-policy").orElse(""))
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'")
          .contains("sandbox")
          .doesNotContain("unsafe");
    }
  }

  @Test
  void adm9PagesOfTheUiMayRunWhatComesFromHereOnly() {
    assertThat(broker.get("/ui/", "").headers().firstValue("content-security-policy").orElse(""))
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe")
        .doesNotContain("sandbox");
  }

  @Test
  void adm9AKeyThatIsShownIsKeptByNobody() {
    HttpResponse<String> made =
        broker.post(
            "/api/v1/keys", operator, "application/json", "{\"role\":\"viewer\",\"label\":\"v\"}");

    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().map()).containsEntry("cache-control", List.of("no-store"));
  }

  @ParameterizedTest
  @CsvSource({
    "X-Request-Id, abc-1, abc-1",
    "Request-Id, abc-2, abc-2",
    "X-Request-Id, 'a b', ''",
    "Request-Id, 'x<script>', ''",
  })
  void aRequestIdIsKeptIfPlain(String name, String given, String kept) {
    String id =
        broker.get("/healthz", "", name, given).headers().firstValue("x-request-id").orElse("");

    if (kept.isEmpty()) {
      assertThat(id).startsWith("req_");
    } else {
      assertThat(id).isEqualTo(kept);
    }
  }

  // --- ADM-8: from other sites ---

  @ParameterizedTest
  @CsvSource({
    "cross-site, https://evil.test, 403",
    "same-site, https://broker.test, 403",
    "'', https://evil.test, 403",
    "'', null, 403",
    "'', '', 403",
    "same-origin, https://evil.test, 403",
    "same-origin, https://broker.test, 401",
    "same-origin, '', 401",
    "'', https://broker.test, 401",
  })
  void adm8WhatChangesSomethingWithACookieComesFromOurOwnPages(
      String site, String from, int status) {
    String raw =
        rawStatus(
            "DELETE /api/v1/keys/key_1 HTTP/1.1\r\nHost: b\r\nCookie: s=1\r\n"
                + (site.isEmpty() ? "" : "Sec-Fetch-Site: " + site + "\r\n")
                + (from.isEmpty() ? "" : "Origin: " + from + "\r\n")
                + "\r\n");

    assertThat(raw).isEqualTo("HTTP/1.1 " + status);
  }

  private static String rawStatus(String request) {
    try {
      return broker.raw(request).substring(0, 12);
    } catch (java.io.IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void adm8NothingIsChangedByReading() {
    for (Route route : broker.routes()) {
      boolean reads =
          route.method().equals(HttpMethod.GET) || route.method().equals(HttpMethod.HEAD);
      if (!reads) {
        HttpResponse<String> got = broker.get(path(route), operator);
        assertThat(got.statusCode()).as(route.toString()).isIn(200, 400, 403, 404, 405);
      }
    }
  }

  // --- ADM-7, ADM-11, ORG-5: malformed everything ---

  static Stream<String> malformed() {
    return Stream.of(
        "",
        "null",
        "[]",
        "\"text\"",
        "{",
        "{\"role\":",
        "\ufeff{}",
        "{\"role\":\"\\ud800\"}",
        "{\"role\":\"\\u0000\"}",
        "{\"role\":1e999999999}",
        "{\"role\":[[[]]]}",
        "{\"role\":\"viewer\",\"role\":\"operator\"}",
        "{\"resource\":{\"a\":1}}",
        "{\"" + "k".repeat(60_000) + "\":1}",
        "[".repeat(30_000),
        "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000),
        "{\"role\":\"" + "x".repeat(70_000) + "\"}",
        "{\"tenant_id\":\"x\",\"role\":\"viewer\",\"label\":\"v\",\"verified\":true}",
        "{\"slug\":\"made\",\"created_at\":\"2020-01-01T00:00:00Z\"}",
        "{\"resource\":\"" + RESOURCE + "\",\"callback_uri\":\"http://127.0.0.1/x\",\"state\":1}",
        "\u00ff\u00fe\u0000");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void adm7MalformedBodiesAreRefusedWithoutAWordOfOurInside(String body) {
    for (Route route : broker.routes()) {
      boolean door =
          route.method().equals(HttpMethod.POST) || route.method().equals(HttpMethod.PATCH);
      if (!door
          || !route.template().startsWith("/api/v1")
          || route.template().endsWith("/updates")) {
        continue;
      }
      for (String type : List.of("application/json", "text/plain")) {
        HttpResponse<String> answer =
            broker.send(
                broker
                    .to(path(route), operator, "Content-Type", type)
                    .method(route.method().name(), BodyPublishers.ofString(body)));
        assertInertRefusal(route + " " + body, answer);
      }
    }
  }

  private static void assertInertRefusal(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(what).isBetween(400, 499);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.body())
        .doesNotContainIgnoringCase("exception")
        .doesNotContain("io.livehook", "java.", "com.fasterxml", "select ", "SQL", ".java");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%zz",
        "/acme/resources/%00",
        "/acme/resources/%ff%fe",
        "/..%2f..%2fetc",
        "//",
        "/api/v1/",
        "/api/v1/keys?cursor=%",
        "/api/v1/subscriptions/%00",
        "/api/v1/subscriptions/sub_%F0%9F",
        "/acme/resources/" + "%2e%2e%2f",
        "/api/v1/tenants/ten_'",
        "/api/v1/audit?tenant=%00",
        "/api/v1/dead-letters?status=1%27%20or%201=1",
        "/acme/discovery?uri=%00",
        "/acme/discovery?uri="
      })
  void adm7MalformedPathsAreRefusedWithoutAWordOfOurInside(String path) throws Exception {
    String answer =
        broker.raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer "
                + operator
                + "\r\n\r\n");

    assertThat(answer).as(path).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
    assertThat(answer).doesNotContainIgnoringCase("exception").doesNotContain("java.", "select ");
  }

  // --- ADM-12: pages ---

  @Test
  void adm12PagesHaveABoundAndCursorsAreOurs() {
    List<String> lists =
        List.of(
            "/api/v1/subscriptions",
            "/api/v1/dead-letters",
            "/api/v1/tenants",
            "/api/v1/keys",
            "/api/v1/audit",
            TestBroker.subscriptions(RESOURCE));
    for (String list : lists) {
      for (String asked :
          List.of(
              "limit=-1",
              "limit=1000000000",
              "limit=0",
              "limit=x",
              "limit=1e3",
              "limit=99999999999999999999",
              "cursor=forged",
              "cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
              "cursor=")) {
        HttpResponse<String> answer = broker.get(list + "?" + asked, operator);

        assertThat(answer.statusCode()).as(list + " " + asked + answer.body()).isEqualTo(400);
      }
    }
  }

  // --- RCV-18 ---

  @Test
  void rcv18OurOwnDeliveryPostedBackIsRefused() {
    Map<String, String> delivery =
        Map.of(
            "webhook-id", "msg_1",
            "Link", "<https://broker.test/acme/resources/x>; rel=\"self\"");
    String[] copied =
        delivery.entrySet().stream()
            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
            .toArray(String[]::new);

    HttpResponse<String> back = broker.put(RESOURCE, origin, "again", copied);
    HttpResponse<String> subscribing =
        broker.subscribe(RESOURCE, operator, "callback_uri=http%3A%2F%2F127.0.0.1%2Fx", copied);
    HttpResponse<String> anothers =
        broker.put(
            RESOURCE,
            origin,
            "from another broker",
            "webhook-id",
            "msg_1",
            "Link",
            "<https://other.test/acme/resources/x>; rel=\"self\"");

    assertThat(back.statusCode()).isEqualTo(508);
    assertThat(json(back).getString("code")).isEqualTo("loop");
    assertThat(subscribing.statusCode()).isEqualTo(508);
    assertThat(anothers.statusCode()).isEqualTo(200);
  }
}
